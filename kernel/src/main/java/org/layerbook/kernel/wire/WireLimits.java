package org.layerbook.kernel.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import zmq.Msg;

/**
 * How much memory peers may take. jeromq asks for all of a frame when its length has come, so a few bytes of anybody could
 * take the whole heap. Who has signed a message may send frames as long as there is room for them; all others together
 * have one message's worth.
 *
 * <p>Used on jeromq's I/O thread only, apart from its {@link #backlog}.
 */
final class WireLimits {
    /** A frame that gets no memory; its connection is closed. */
    static final class RefusedFrameException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private RefusedFrameException(String reason) {
            super(reason);
        }
    }

    /** What a subscription and each command of a handshake fit into. */
    private static final int SUBSCRIPTION = 1 << 11;
    /** A heartbeat is returned as it came. */
    private static final int HEARTBEAT = 1 << 16;

    private static final long MAX_REQUEST = 64 << 20;
    /** What is smaller is not counted. */
    private static final int LARGE = 1 << 16;
    /** A message is in memory as bytes, as text and as a tree. */
    private static final int COPIES = 4;

    /** What jeromq takes for a connection outside of the heap. */
    private static final int BUFFERS = 2 * 8192;

    private static final long BETWEEN_COLLECTIONS = TimeUnit.SECONDS.toNanos(1);

    private final long largestRequest =
            Math.min(MAX_REQUEST, Runtime.getRuntime().maxMemory() / 8);
    private final Predicate<List<byte[]>> signed;
    private final IdleMemory memory;
    private final Backlog backlog = new Backlog(largestRequest, System::nanoTime);
    /** Whose bytes are being read. */
    private Optional<GuardedSession> reading = Optional.empty();

    private final List<Loan> loans = new ArrayList<>();
    private long lastCollection = System.nanoTime() - BETWEEN_COLLECTIONS;

    private record Loan(GuardedSession session, long bytes) {}

    /** @param signed whether the frames of a message are signed with the key */
    WireLimits(Predicate<List<byte[]>> signed, IdleMemory memory) {
        this.signed = signed;
        this.memory = memory;
    }

    /** The most bytes that a message on {@code channel} may have. */
    long bytes(Channel channel) {
        return switch (channel) {
            case SHELL, CONTROL, STDIN -> largestRequest;
            case HEARTBEAT -> HEARTBEAT;
            case IOPUB -> SUBSCRIPTION;
        };
    }

    /** What waits for the front-ends of IOPUB. */
    Backlog backlog() {
        return backlog;
    }

    boolean isSigned(List<byte[]> frames) {
        return signed.test(frames);
    }

    /** Whose frames the calls of {@link #allocate} are for during {@code event}. */
    void reading(GuardedSession session, Runnable event) {
        Optional<GuardedSession> before = reading;
        reading = Optional.of(session);
        try {
            event.run();
        } finally {
            reading = before;
        }
    }

    /** A connection has ended and left its buffers. */
    void ended(GuardedSession session) {
        giveBack(session);
        memory.used(BUFFERS);
    }

    /** What {@code session} has taken has become a message, or never will. */
    void giveBack(GuardedSession session) {
        loans.removeIf(loan -> loan.session() == session);
    }

    /** The memory for a frame, before its bytes have come. */
    Msg allocate(int size) {
        if (size < 0) {
            throw new RefusedFrameException("a frame of a negative length");
        }
        if (size > LARGE) {
            reading.filter(session -> !session.isTrusted()).ifPresent(session -> lend(session, size));
            if (!fits(size)) {
                throw new RefusedFrameException("no memory for a frame of " + size + " bytes now");
            }
            memory.used(size);
            // Read into an array, it would need a buffer of its size outside of the heap as well.
            return new Msg(ByteBuffer.allocateDirect(size));
        }
        return new Msg(size);
    }

    private void lend(GuardedSession session, long size) {
        if (loans.stream().mapToLong(Loan::bytes).sum() + size > largestRequest) {
            throw new RefusedFrameException(
                    "a frame of " + size + " bytes, while other unauthenticated connections send theirs");
        }
        loans.add(new Loan(session, size));
    }

    private boolean fits(long size) {
        if (size * COPIES <= free()) {
            return true;
        }
        long now = System.nanoTime();
        if (now - lastCollection >= BETWEEN_COLLECTIONS) {
            System.gc();
            lastCollection = System.nanoTime();
        }
        return size * COPIES <= free();
    }

    private static long free() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }

    /** {@code thrown} as a reason to close the connection. */
    static String reason(Throwable thrown) {
        return thrown instanceof RefusedFrameException refused
                ? refused.getMessage()
                : "bytes that are not ZeroMQ (" + thrown + ")";
    }
}
