package org.layerbook.kernel;

import zmq.Msg;

/**
 * What a peer may send before anything is known of it but its address.
 *
 * @param message how many bytes a message may have, all of its frames together
 * @param frames how many frames a message may have
 */
record WireLimits(long message, int frames) {
    /** What a subscription and each command of a handshake fit into. */
    private static final int SMALL = 1 << 11;
    /** A heartbeat is returned as it came. */
    private static final int HEARTBEAT = 1 << 16;

    private static final int REQUEST_FRAMES = 1024;
    /** A frame of this size gets memory only where there is enough of it. */
    private static final int LARGE = 1 << 20;
    /** A message is in memory as bytes, as text and as what Gson makes of it. */
    private static final int COPIES = 4;

    private static final long MAX_REQUEST = 128 << 20;

    /** A frame that cannot be taken; the connection is closed. */
    static final class RefusedFrameException extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private RefusedFrameException(String reason) {
            super(reason);
        }
    }

    static WireLimits of(Channel channel) {
        return switch (channel) {
            case SHELL, CONTROL, STDIN -> new WireLimits(largestRequest(), REQUEST_FRAMES);
            case HEARTBEAT -> new WireLimits(HEARTBEAT, 8);
            case IOPUB -> new WireLimits(SMALL, 1);
        };
    }

    private static long largestRequest() {
        return Math.min(MAX_REQUEST, Runtime.getRuntime().maxMemory() / COPIES);
    }

    /** The memory for a frame, before its bytes have come. */
    Msg allocate(int size) {
        if (size < 0 || size > message) {
            throw new RefusedFrameException("a frame of " + Integer.toUnsignedLong(size) + " bytes");
        }
        if (size > LARGE && !fits(size)) {
            throw new RefusedFrameException("no memory for a frame of " + size + " bytes now");
        }
        return new Msg(size);
    }

    private static boolean fits(long size) {
        if (size * COPIES <= free()) {
            return true;
        }
        System.gc();
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
