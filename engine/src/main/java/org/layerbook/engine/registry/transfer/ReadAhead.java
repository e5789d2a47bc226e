package org.layerbook.engine.registry.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Reads a stream on a thread of its own, some MiB ahead: so that a layer is decompressed on one processor while it is
 * hashed and written on another. Read by one thread.
 */
public final class ReadAhead extends InputStream {
    private static final int PIECE = 1 << 18;
    private static final int PIECES = 8;

    private final InputStream in;
    private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(PIECES);
    /** Used again: made anew, they would outlive the JVM's young generation and let its heap grow by all that passes. */
    private final Queue<byte[]> free = new ConcurrentLinkedQueue<>();

    private final Thread reader;
    private Piece current = new Piece(new byte[0], 0, null);
    private int at;

    /** @param length -1 at the end, which {@code failure} explains when it is not null */
    private record Piece(byte[] bytes, int length, IOException failure) {}

    /** @param in closed with this, once the thread has left it */
    public ReadAhead(InputStream in) {
        this.in = in;
        this.reader = Thread.ofPlatform().daemon().name("decompress").start(this::readAll);
    }

    private void readAll() {
        try {
            Piece last;
            try {
                for (int n = 0; n >= 0; ) {
                    byte[] used = free.poll();
                    byte[] bytes = used == null ? new byte[PIECE] : used;
                    n = in.readNBytes(bytes, 0, PIECE);
                    if (n == 0) {
                        break;
                    }
                    pieces.put(new Piece(bytes, n, null));
                }
                last = new Piece(new byte[0], -1, null);
            } catch (IOException e) {
                last = new Piece(new byte[0], -1, e);
            } catch (RuntimeException e) {
                last = new Piece(new byte[0], -1, new IOException(e));
            }
            pieces.put(last);
        } catch (InterruptedException e) {
            // Closed: nobody reads any more.
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (at == current.length) {
            if (current.length > 0) {
                free.add(current.bytes);
            }
            current = next();
            at = 0;
        }
        if (current.length < 0) {
            at = -1;
            // Again the end, or the failure, when asked again.
            if (current.failure != null) {
                throw new IOException(current.failure.getMessage(), current.failure);
            }
            return -1;
        }
        int n = Math.min(length, current.length - at);
        System.arraycopy(current.bytes, at, bytes, offset, n);
        at += n;
        return n;
    }

    private Piece next() throws InterruptedIOException {
        if (current.length < 0) {
            return current;
        }
        try {
            return pieces.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Backoff for the thread: what it reads from may go away then. */
    @Override
    public void close() throws IOException {
        reader.interrupt();
        boolean interrupted = false;
        while (true) {
            try {
                reader.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        in.close();
    }
}
