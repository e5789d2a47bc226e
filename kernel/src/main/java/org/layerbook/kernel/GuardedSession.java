package org.layerbook.kernel;

import java.util.function.Consumer;
import zmq.Msg;
import zmq.Options;
import zmq.SocketBase;
import zmq.ZError;
import zmq.io.IEngine;
import zmq.io.IOThread;
import zmq.io.SessionBase;
import zmq.io.StreamEngine.ErrorReason;

/**
 * One connection: lets messages pass that keep to the {@link WireLimits} of their channel, and closes the connection at
 * the first that does not. Every method is called on jeromq's I/O thread.
 */
final class GuardedSession extends SessionBase {
    /** How many bytes of topics one front-end may subscribe to or leave; Jupyter's subscribe to one that is empty. */
    private static final int TOPICS = 4096;
    /** Beside its bytes, for the message that tells a subscriber that it is one. */
    private static final int TOPIC_OVERHEAD = 16;

    private final Channel channel;
    private final WireLimits limits;
    private final Consumer<GuardedSession> gone;
    private GuardedEngine engine;
    private String reason = "";
    private boolean heard;
    private long bytes;
    private int frames;
    private int topics;

    /** @param gone told when the connection has ended */
    GuardedSession(
            IOThread thread, SocketBase socket, Options options, Channel channel, Consumer<GuardedSession> gone) {
        super(thread, false, socket, options, null);
        this.channel = channel;
        this.limits = WireLimits.of(channel);
        this.gone = gone;
    }

    void use(GuardedEngine made) {
        engine = made;
    }

    /** Whether the peer has said anything yet that is ZeroMQ. */
    boolean isHeard() {
        return heard;
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
        if (!message.isCommand() && !message.isIdentity() && !accepts(message)) {
            errno.set(ZError.EPROTO);
            return false;
        }
        return super.pushMsg(message);
    }

    private boolean accepts(Msg message) {
        return channel == Channel.IOPUB ? isSubscription(message) : keepsToLimits(message);
    }

    private boolean isSubscription(Msg message) {
        topics += message.size() + TOPIC_OVERHEAD;
        if (message.hasMore() || message.size() == 0 || (message.get(0) & 0xff) > 1) {
            note("a message on IOPUB that is no subscription");
            return false;
        }
        if (topics > TOPICS) {
            note("too many subscriptions");
            return false;
        }
        return true;
    }

    private boolean keepsToLimits(Msg message) {
        bytes += message.size();
        frames++;
        if (bytes > limits.message() || frames > limits.frames()) {
            note("a message of more than " + limits.message() + " bytes or " + limits.frames() + " frames");
            return false;
        }
        if (!message.hasMore()) {
            bytes = 0;
            frames = 0;
        }
        return true;
    }

    @Override
    public void engineError(boolean handshaken, ErrorReason why) {
        if (why == ErrorReason.PROTOCOL) {
            KernelLog.warn("closed a connection to " + channel + ": " + (reason.isEmpty() ? unnamed() : reason));
        }
        super.engineError(handshaken, why);
    }

    private String unnamed() {
        return errno.is(ZError.EMSGSIZE)
                ? "a frame of more than " + limits.message() + " bytes"
                : "bytes that are not ZeroMQ";
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
        gone.accept(this);
    }
}
