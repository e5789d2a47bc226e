package org.layerbook.engine.layer.tar;

import java.security.MessageDigest;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.layerbook.engine.oci.Digest;

/**
 * SHA-256 of what passes through lent buffers. From the second full buffer on it is computed on a thread of its own, so
 * that reading and hashing take two cores; small layers start no thread.
 *
 * <p>One thread takes and submits. A submitted buffer may still be read, not written.
 */
public final class LayerHash implements AutoCloseable {
    static final int BUFFER_SIZE = 1 << 18;

    private static final int BUFFERS = 6;

    private record Chunk(byte[] bytes, int length) {}

    private static final Chunk END = new Chunk(new byte[0], 0);

    private final MessageDigest digest = Digest.newSha256();
    private final BlockingQueue<Chunk> filled = new ArrayBlockingQueue<>(BUFFERS + 1);
    private final BlockingQueue<byte[]> free = new ArrayBlockingQueue<>(BUFFERS);
    private int made;
    private long submitted;
    private Thread thread;

    /** An empty buffer of {@link #BUFFER_SIZE}, to be filled and submitted; waits while all are in use. */
    byte[] take() {
        byte[] ready = free.poll();
        if (ready != null) {
            return ready;
        }
        if (made < BUFFERS) {
            made++;
            return new byte[BUFFER_SIZE];
        }
        return uninterruptibly(free::take);
    }

    /** The next {@code length} bytes of the stream, and {@code buffer} given back. */
    void submit(byte[] buffer, int length) {
        submitted += length;
        if (thread == null && submitted > BUFFER_SIZE) {
            thread = Thread.ofPlatform().name("layer-hash").daemon().start(this::work);
        }
        if (thread == null) {
            digest.update(buffer, 0, length);
            free.add(buffer);
        } else {
            uninterruptibly(() -> {
                filled.put(new Chunk(buffer, length));
                return buffer;
            });
        }
    }

    /** The digest of all that was submitted; nothing may be submitted afterwards. */
    Digest finish() {
        close();
        return Digest.of(digest.digest());
    }

    private void work() {
        for (Chunk c = uninterruptibly(filled::take); c != END; c = uninterruptibly(filled::take)) {
            digest.update(c.bytes(), 0, c.length());
            free.add(c.bytes());
        }
    }

    /** Ends the thread; what was submitted before is still hashed. */
    @Override
    public void close() {
        Thread running = thread;
        if (running != null) {
            thread = null;
            uninterruptibly(() -> {
                filled.put(END);
                return END;
            });
            uninterruptibly(() -> {
                running.join();
                return END;
            });
        }
    }

    private interface Blocking<T> {
        T run() throws InterruptedException;
    }

    /** Waits here are short, bounded by hashing a few buffers; an interrupt is kept for whoever waits longer. */
    private static <T> T uninterruptibly(Blocking<T> wait) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.run();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
