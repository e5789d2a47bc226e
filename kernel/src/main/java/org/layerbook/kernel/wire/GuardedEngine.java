package org.layerbook.kernel.wire;

import java.nio.channels.SocketChannel;
import zmq.Options;
import zmq.io.IOThread;
import zmq.io.SessionBase;
import zmq.io.StreamEngine;

/**
 * jeromq's engine of one connection, with an end to what it throws. jeromq reports an exception and keeps the connection
 * with its unread bytes, so the system reports it as readable again, for ever; here the connection is closed, as jeromq
 * does after an error that it knows.
 *
 * <p>Every method is called on jeromq's I/O thread.
 */
final class GuardedEngine extends StreamEngine {
    private final GuardedSession session;
    private final WireLimits limits;
    private boolean plugged;
    private boolean destroyed;

    GuardedEngine(
            SocketChannel connection, Options options, String endpoint, GuardedSession session, WireLimits limits) {
        super(connection, options, endpoint);
        this.session = session;
        this.limits = limits;
    }

    private void guard(Runnable event) {
        if (destroyed) {
            return;
        }
        try {
            limits.reading(session, event);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError | AssertionError e) {
            drop(WireLimits.reason(e));
        }
    }

    /** Closes the connection and forgets what of a message has come. */
    void drop(String reason) {
        if (destroyed) {
            return;
        }
        session.note(reason);
        try {
            session.flush();
            session.engineError(false, ErrorReason.PROTOCOL);
        } finally {
            if (plugged && !destroyed) {
                terminate();
            } else {
                destroy();
            }
        }
    }

    @Override
    public void plug(IOThread thread, SessionBase owner) {
        guard(() -> {
            plugged = true;
            super.plug(thread, owner);
        });
    }

    @Override
    public void inEvent() {
        guard(super::inEvent);
    }

    @Override
    public void outEvent() {
        guard(super::outEvent);
    }

    @Override
    public void restartInput() {
        guard(super::restartInput);
    }

    @Override
    public void restartOutput() {
        guard(super::restartOutput);
    }

    @Override
    public void zapMsgAvailable() {
        guard(super::zapMsgAvailable);
    }

    @Override
    public void timerEvent(int id) {
        guard(() -> super.timerEvent(id));
    }

    @Override
    public void terminate() {
        if (!destroyed) {
            super.terminate();
        }
    }

    @Override
    public void destroy() {
        destroyed = true;
        super.destroy();
    }
}
