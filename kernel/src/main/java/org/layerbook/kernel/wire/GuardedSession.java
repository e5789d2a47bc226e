package org.layerbook.kernel.wire;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import zmq.Msg;
import zmq.Options;
import zmq.SocketBase;
import zmq.ZError;
import zmq.io.IEngine;
import zmq.io.IOThread;
import zmq.io.SessionBase;
import zmq.io.StreamEngine.ErrorReason;
import zmq.pipe.Pipe;

/**
 * One connection: lets messages pass that keep to the {@link WireLimits} of their channel, and closes the connection at
 * the first that does not. Every method but {@link #disconnect} is called on jeromq's I/O thread.
 */
final class GuardedSession extends SessionBase implements Backlog.Reader {
    /** Jupyter's messages have seven, and one for each buffer of a widget. */
    private static final int FRAMES = 1024;
    /** After so many messages without a signature that holds nobody looks for one any more. */
    private static final int ATTEMPTS = 10;
    /** How many bytes of topics one front-end may subscribe to or leave; Jupyter's subscribe to one that is empty. */
    private static final int TOPICS = 4096;
    /** Beside its bytes, for the message that tells a subscriber that it is one. */
    private static final int TOPIC_OVERHEAD = 16;

    private final Channel channel;
    private final WireLimits limits;
    private final long largest;
    private final Consumer<GuardedSession> gone;
    private SocketChannel connection;
    private GuardedEngine engine;
    private String reason = "";
    private boolean heard;
    private boolean trusted;
    /** How many messages were not signed. */
    private int unsigned;
    /** The message that is coming, while the peer is not trusted. */
    private final List<byte[]> coming = new ArrayList<>();

    private long bytes;
    private int frames;
    private int topics;

    /** @param gone told when the connection has ended */
    GuardedSession(
            IOThread thread,
            SocketBase socket,
            Options options,
            Channel channel,
            WireLimits limits,
            Consumer<GuardedSession> gone) {
        super(thread, false, socket, options, null);
        this.channel = channel;
        this.limits = limits;
        this.largest = limits.bytes(channel);
        this.gone = gone;
    }

    void use(SocketChannel accepted, GuardedEngine made) {
        connection = accepted;
        engine = made;
    }

    /** Whether the peer has said anything yet that is ZeroMQ. */
    boolean isHeard() {
        return heard;
    }

    /** Whether the peer has sent something that is signed with the key. */
    boolean isTrusted() {
        return trusted;
    }

    /** Why the connection is about to be closed. */
    void note(String why) {
        reason = why;
    }

    void drop(String why) {
        engine.drop(why);
    }

    @Override
    protected boolean pushMsg(Msg message) {
        heard = true;
        if (message.isCommand() || message.isIdentity()) {
            return super.pushMsg(message);
        }
        if (channel == Channel.IOPUB ? !isSubscription(message) : !keepsToLimits(message)) {
            errno.set(ZError.EPROTO);
            return false;
        }
        // Without room in the pipe it is not taken, and comes again.
        boolean taken = super.pushMsg(message);
        if (taken) {
            count(message);
        }
        return taken;
    }

    private boolean isSubscription(Msg message) {
        if (message.hasMore() || message.size() == 0 || (message.get(0) & 0xff) > 1) {
            note("a message on IOPUB that is not a subscription");
            return false;
        }
        if (topics + message.size() + TOPIC_OVERHEAD > TOPICS) {
            note("too many subscriptions");
            return false;
        }
        return true;
    }

    private boolean keepsToLimits(Msg message) {
        if (bytes + message.size() > largest || frames >= FRAMES) {
            note("a message of more than " + largest + " bytes or " + FRAMES + " frames");
            return false;
        }
        return true;
    }

    private void count(Msg message) {
        if (channel == Channel.IOPUB) {
            topics += message.size() + TOPIC_OVERHEAD;
            return;
        }
        bytes += message.size();
        frames++;
        if (!trusted && unsigned < ATTEMPTS) {
            coming.add(message.data());
        }
        if (!message.hasMore()) {
            whole();
        }
    }

    /** A message is complete. */
    private void whole() {
        bytes = 0;
        frames = 0;
        if (!coming.isEmpty()) {
            trusted = limits.isSigned(List.copyOf(coming));
            unsigned++;
            coming.clear();
        }
        limits.giveBack(this);
    }

    @Override
    protected Msg pullMsg() {
        Msg message = super.pullMsg();
        if (channel == Channel.IOPUB) {
            if (message == null) {
                limits.backlog().caughtUp(this);
            } else {
                limits.backlog().read(this, message.size());
            }
        }
        return message;
    }

    @Override
    public void readActivated(Pipe pipe) {
        if (channel == Channel.IOPUB) {
            limits.backlog().waits(this);
        }
        super.readActivated(pipe);
    }

    /** From any thread: the I/O thread finds that there is nothing more to read, and does the rest. */
    @Override
    public void disconnect() {
        try {
            connection.shutdownInput();
        } catch (IOException e) {
            KernelLog.warn("a connection to " + channel + " has ended already", e);
        }
    }

    @Override
    public void engineError(boolean handshaken, ErrorReason why) {
        if (why == ErrorReason.PROTOCOL) {
            KernelLog.warn("closed a connection to " + channel + ": " + (reason.isEmpty() ? unnamed() : reason));
        }
        coming.clear();
        limits.giveBack(this);
        super.engineError(handshaken, why);
    }

    private String unnamed() {
        return errno.is(ZError.EMSGSIZE) ? "a frame of more than " + largest + " bytes" : "bytes that are not ZeroMQ";
    }

    @Override
    protected void processAttach(IEngine attached) {
        if (isTerminating()) {
            ((GuardedEngine) attached).destroy();
            return;
        }
        super.processAttach(attached);
    }

    @Override
    public void destroy() {
        super.destroy();
        coming.clear();
        limits.backlog().caughtUp(this);
        limits.ended(this);
        gone.accept(this);
    }
}
