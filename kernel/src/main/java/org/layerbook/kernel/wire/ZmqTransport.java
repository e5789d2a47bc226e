package org.layerbook.kernel.wire;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.layerbook.engine.linux.Scheduling;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * The five sockets and the one thread that touches them. It waits in a {@link Selector} for the sockets' mailboxes and
 * for {@link #wake()}: nothing polls on a clock, and a thread that is interrupted while it sends cannot break a socket,
 * which jeromq's own signalling does not promise.
 */
public final class ZmqTransport implements AutoCloseable {
    /** What happens on the thread of the sockets. */
    public interface Events {
        void received(Channel channel, List<byte[]> frames);

        /** @param topic what a new subscriber of IOPUB wants to hear, empty for all */
        void subscribed(byte[] topic);
    }

    /** How long the end waits for a front-end to take the last messages. */
    private static final int LINGER_MILLIS = 1000;

    private static final Duration CLOSING = Duration.ofMillis(3 * LINGER_MILLIS);

    /** How long a loop of jeromq's rests after a fault, and ours while there is no room: not to take a whole processor. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** How many messages of one socket are read before the next one's turn. */
    private static final int TURN = 100;

    private static final int SUBSCRIBE = 1;
    private static final List<Channel> CHANNELS = List.of(Channel.values());

    /** Its number in the system, found out by itself. */
    private final FutureTask<Integer> ioThread = new FutureTask<>(Scheduling::thread);

    private final ZMQ.Context context = context();
    private final Selector selector;
    private final WireLimits limits;
    private final Map<Channel, ZMQ.Socket> sockets = new EnumMap<>(Channel.class);
    private final Map<Channel, GuardedListener> listeners = new EnumMap<>(Channel.class);
    /**
     * The sockets to read from: those whose mailbox has a signal, and those that were written to, since writing reads the
     * mailbox too.
     */
    private final Set<Channel> toRead = EnumSet.allOf(Channel.class);

    private volatile boolean closing;
    private volatile boolean closed;

    private ZmqTransport(Selector selector, WireLimits limits) {
        this.selector = selector;
        this.limits = limits;
    }

    private ZMQ.Context context() {
        ZMQ.Context made = ZMQ.context(1);
        made.setNotificationExceptionHandler((thread, e) -> report(e));
        made.setThreadFactor((work, title) -> {
            Thread thread = new Thread(
                    () -> {
                        if (title.startsWith("iothread")) {
                            ioThread.run();
                        }
                        goOn(work);
                    },
                    title);
            thread.setDaemon(true);
            return thread;
        });
        return made;
    }

    /**
     * Runs one of jeromq's loops until it ends by itself. What it throws, an exception at the wrong place or a lack of
     * memory, must not end it: all it knows is in its fields, and it takes up where it was.
     */
    private void goOn(Runnable loop) {
        boolean ended = false;
        while (!ended && !closed) {
            try {
                loop.run();
                ended = true;
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
                report(e);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** While closing, jeromq's threads write to each other's mailboxes when these may be closed already. */
    private void report(Throwable fault) {
        if (!closing) {
            KernelLog.warn("internal error in the network thread", fault);
        }
    }

    /**
     * jeromq wakes a thread by a byte in a pipe, and counts the byte after it is written. A thread that is woken in between
     * finds a byte that does not count and looks again and again: where it has taken the processor from the writer, for the
     * whole of its time slice, thousands of times. So its I/O thread is told to let the writer go on, as {@link #run} does.
     * Any thread may call this, once start-up has no use for the time that it takes.
     */
    public void lowerIoThreadPriority() {
        try {
            Scheduling.yieldToWaker(ioThread.get());
        } catch (IOException | ExecutionException e) {
            KernelLog.warn("could not lower the priority of the I/O thread", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * @param signed whether the frames of a message are signed with the key
     * @param memory told of what connections leave behind
     * @throws IOException when an address cannot be had
     */
    public static ZmqTransport bind(ConnectionFile file, Predicate<List<byte[]>> signed, IdleMemory memory)
            throws IOException {
        var transport = new ZmqTransport(Selector.open(), new WireLimits(signed, memory));
        try {
            for (Channel channel : Channel.values()) {
                transport.open(channel, file);
            }
        } catch (IOException | RuntimeException e) {
            transport.close();
            throw e;
        }
        return transport;
    }

    private void open(Channel channel, ConnectionFile file) throws IOException {
        // A ROUTER returns a heartbeat as well as a REP does, and forgets none after a malformed one.
        ZMQ.Socket socket = context.socket(channel == Channel.IOPUB ? SocketType.XPUB : SocketType.ROUTER);
        sockets.put(channel, socket);
        socket.setLinger(LINGER_MILLIS);
        if (channel == Channel.IOPUB) {
            socket.setXpubVerbose(true);
        } else {
            // A front-end that comes back after a broken connection has the identity it had before.
            socket.setRouterHandover(true);
        }
        String address = file.address(channel);
        try {
            listeners.put(channel, GuardedListener.open(socket.base(), channel, file, limits));
        } catch (IOException | RuntimeException e) {
            throw new IOException("cannot listen on " + address + ": " + e.getMessage(), e);
        }
        socket.getFD().register(selector, SelectionKey.OP_READ, channel);
    }

    /** Where {@code channel} listens. */
    public String endpoint(Channel channel) {
        return listeners.get(channel).getAddress();
    }

    /** Makes the thread of the sockets look at the outbox; from any thread. */
    public void wake() {
        selector.wakeup();
    }

    /** Carries messages to and fro on the calling thread until {@code ended} and nothing is left to send. */
    public void run(Outbox outbox, Consumer<Outgoing> send, Events events, BooleanSupplier ended) throws IOException {
        boolean goOn = true;
        while (goOn) {
            boolean last = ended.getAsBoolean();
            boolean room = last || limits.backlog().hasRoom();
            int done = (room ? outbox.takeDue(send) : 0) + receive(events);
            long wait = room ? outbox.nanosUntilDue() : PAUSE_NANOS;
            if (done == 0 && last && wait == Long.MAX_VALUE) {
                goOn = false;
            } else if (done == 0) {
                Thread.yield();
                await(wait);
            }
        }
    }

    private void await(long nanos) throws IOException {
        if (nanos == Long.MAX_VALUE) {
            selector.select(this::signalled);
        } else if (nanos > 0) {
            selector.select(this::signalled, TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
        }
    }

    private void signalled(SelectionKey mailbox) {
        toRead.add((Channel) mailbox.attachment());
    }

    private int receive(Events events) {
        int received = 0;
        for (Channel channel : CHANNELS) {
            if (toRead.remove(channel)) {
                received += receive(channel, events);
            }
        }
        return received;
    }

    /** Reads what has come, so that no mailbox's signal is left unseen; after a while it is the next socket's turn. */
    private int receive(Channel channel, Events events) {
        int received = 0;
        boolean more = true;
        while (more && received < TURN) {
            try {
                List<byte[]> frames = frames(sockets.get(channel));
                more = !frames.isEmpty();
                if (more) {
                    received++;
                    handle(channel, frames, events);
                }
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
                received++;
                KernelLog.warn("a message on " + channel + " failed", e);
            }
        }
        if (more) {
            toRead.add(channel);
        }
        return received;
    }

    /** The frames of the next message; empty when there is none. A message never comes in part, so nothing waits here. */
    private static List<byte[]> frames(ZMQ.Socket socket) {
        var frames = new ArrayList<byte[]>();
        boolean more = true;
        while (more) {
            byte[] frame = socket.recv(ZMQ.DONTWAIT);
            if (frame != null) {
                frames.add(frame);
            }
            more = frame != null && socket.hasReceiveMore();
        }
        return frames;
    }

    private void handle(Channel channel, List<byte[]> frames, Events events) {
        switch (channel) {
            case SHELL, CONTROL, STDIN -> events.received(channel, frames);
            case HEARTBEAT -> send(channel, frames);
            case IOPUB -> {
                byte[] event = frames.getFirst();
                if (event.length > 0 && event[0] == SUBSCRIBE) {
                    events.subscribed(Arrays.copyOfRange(event, 1, event.length));
                }
            }
        }
    }

    /** On the thread of {@link #run} only. */
    public void send(Channel channel, List<byte[]> frames) {
        toRead.add(channel);
        if (channel == Channel.IOPUB) {
            limits.backlog()
                    .published(frames.stream().mapToLong(frame -> frame.length).sum());
        }
        ZMQ.Socket socket = sockets.get(channel);
        for (int i = 0; i < frames.size(); i++) {
            socket.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE | ZMQ.DONTWAIT : ZMQ.DONTWAIT);
        }
    }

    /** Waits for the last messages to leave, but not for long, nor for jeromq for ever. */
    @Override
    public void close() throws IOException {
        closing = true;
        selector.close();
        sockets.values().forEach(ZMQ.Socket::close);
        Thread end = Thread.ofPlatform().name("closing").daemon().start(this::terminate);
        try {
            if (!end.join(CLOSING)) {
                KernelLog.warn("the network threads do not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closed = true;
    }

    private void terminate() {
        try {
            context.close();
        } catch (RuntimeException e) {
            report(e);
        }
    }
}
