package org.layerbook.kernel.wire;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import zmq.Options;
import zmq.SocketBase;
import zmq.ZMQ;
import zmq.ZObject;
import zmq.io.IOObject;
import zmq.io.IOThread;
import zmq.io.net.Listener;
import zmq.io.net.tcp.TcpAddress;
import zmq.poll.Poller;

/**
 * What {@code bind} puts behind a socket, with connections that are guarded. {@link #open} is called on the socket's
 * thread, everything else on jeromq's I/O thread.
 */
final class GuardedListener extends Listener {
    /** Connections to one channel; a Jupyter server has one, and one for each notebook that it shows. */
    private static final int CONNECTIONS = 500;
    /** How long no connection is accepted after one could not be, for want of a file descriptor. */
    private static final int PAUSE_MILLIS = 200;

    private static final int PAUSE = 1;
    /** How long a new connection may take for its greeting. */
    private static final int HANDSHAKE_MILLIS = 10_000;
    /** So many messages of a connection may wait to be read; then its bytes are left to wait in the system. */
    private static final int UNREAD = 1000;

    private final Channel channel;
    private final WireLimits limits;
    private final IOObject io;
    private final ServerSocketChannel server;
    private final SequencedSet<GuardedSession> sessions = new LinkedHashSet<>();
    private Poller.Handle handle;
    private String endpoint = "";
    private boolean paused;

    /** A way to the I/O thread, which jeromq gives to its own objects only. */
    private static final class Door extends ZObject {
        private Door(SocketBase socket) {
            super(socket.getCtx(), 0);
        }

        private IOThread thread() {
            return chooseIoThread(0);
        }
    }

    private GuardedListener(IOThread thread, SocketBase socket, Options options, Channel channel, WireLimits limits)
            throws IOException {
        super(thread, socket, options);
        this.channel = channel;
        this.limits = limits;
        this.io = new IOObject(thread, this);
        this.server = ServerSocketChannel.open();
    }

    /** Listens for {@code socket}, where {@code file} says, from now on until the socket is closed. */
    static GuardedListener open(SocketBase socket, Channel channel, ConnectionFile file, WireLimits limits)
            throws IOException {
        Options options = options(channel, file, limits);
        var address = new TcpAddress(file.address(channel).substring("tcp://".length()), options.ipv6);
        var listener = new GuardedListener(new Door(socket).thread(), socket, options, channel, limits);
        try {
            listener.server.configureBlocking(false);
            listener.server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.server.bind(address.address(), options.backlog);
            listener.endpoint = address.toString(listener.server.socket().getLocalPort());
        } catch (IOException | RuntimeException e) {
            listener.server.close();
            throw e;
        }
        // As Own.launchChild does; it is not for others to call, so destroy() has to tell the socket of the end.
        listener.sendPlug(listener);
        listener.sendOwn(socket, listener);
        return listener;
    }

    /** The options of its connections; jeromq has those of the socket for itself. */
    private static Options options(Channel channel, ConnectionFile file, WireLimits limits) {
        var options = new Options();
        options.type = channel == Channel.IOPUB ? ZMQ.ZMQ_XPUB : ZMQ.ZMQ_ROUTER;
        options.recvIdentity = channel != Channel.IOPUB;
        options.ipv6 = file.properties().getIp().contains(":");
        options.maxMsgSize = limits.bytes(channel);
        options.allocator = limits::allocate;
        options.handshakeIvl = HANDSHAKE_MILLIS;
        options.backlog = CONNECTIONS;
        options.recvHwm = UNREAD;
        // Nothing is dropped: a front-end that misses an idle waits for ever.
        options.sendHwm = 0;
        file.curve().ifPresent(keys -> {
            options.setSocketOpt(ZMQ.ZMQ_CURVE_SERVER, true);
            options.setSocketOpt(ZMQ.ZMQ_CURVE_PUBLICKEY, keys.publicKey());
            options.setSocketOpt(ZMQ.ZMQ_CURVE_SECRETKEY, keys.secretKey());
        });
        return options;
    }

    @Override
    protected void processPlug() {
        io.plug();
        handle = io.addFd(server);
        io.setPollAccept(handle);
    }

    @Override
    public void acceptEvent() {
        try {
            SocketChannel connection = server.accept();
            if (connection != null) {
                welcome(connection);
            }
        } catch (IOException e) {
            KernelLog.warn("cannot accept a connection to " + channel + " now: " + e.getMessage());
            oldestUnheard().ifPresent(session -> session.drop("its file descriptor was needed"));
            paused = true;
            io.removeHandle(handle);
            io.addTimer(PAUSE_MILLIS, PAUSE);
        }
    }

    /** The listening socket is ready as long as somebody waits: without a pause this thread would do nothing else. */
    @Override
    public void timerEvent(int id) {
        paused = false;
        handle = io.addFd(server);
        io.setPollAccept(handle);
    }

    private void welcome(SocketChannel connection) throws IOException {
        try {
            if (sessions.size() >= CONNECTIONS) {
                GuardedSession oldest = oldestUnheard()
                        .orElseThrow(() -> new IOException(CONNECTIONS + " connections are open" + " already"));
                sessions.remove(oldest);
                oldest.drop("more than " + CONNECTIONS);
            }
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            IOThread thread = chooseIoThread(0);
            var session = new GuardedSession(thread, socket, options, channel, limits, sessions::remove);
            var engine = new GuardedEngine(connection, options, getAddress(), session, limits);
            session.use(connection, engine);
            sessions.add(session);
            session.incSeqnum();
            launchChild(session);
            sendAttach(session, engine, false);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            KernelLog.warn("a connection to " + channel + " ended at once: " + e);
            connection.close();
        }
    }

    private Optional<GuardedSession> oldestUnheard() {
        return sessions.stream().filter(session -> !session.isHeard()).findFirst();
    }

    @Override
    protected void processTerm(int linger) {
        if (paused) {
            io.cancelTimer(PAUSE);
        } else {
            io.removeHandle(handle);
        }
        try {
            server.close();
        } catch (IOException e) {
            KernelLog.warn("could not stop listening on " + channel, e);
        }
        super.processTerm(linger);
    }

    @Override
    public void destroy() {
        io.unplug();
        sendTermAck(socket);
    }

    @Override
    public boolean setAddress(String address) {
        throw new UnsupportedOperationException("it is given to open()");
    }

    @Override
    public String getAddress() {
        return endpoint;
    }
}
