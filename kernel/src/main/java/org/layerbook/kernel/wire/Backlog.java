package org.layerbook.kernel.wire;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How much of IOPUB waits for front-ends that read slower than a cell writes. Nothing is dropped, so the cell has to wait
 * for them; not for one that reads nothing at all, which is disconnected. Thread-safe.
 */
public final class Backlog {
    /** How long nothing may be read while there is no room. */
    public static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

    private final long limit;
    private final LongSupplier clock;
    private final AtomicLong published = new AtomicLong();
    /** How much had been published when the next byte was that these have to read. */
    private final Map<Reader, Long> behind = new ConcurrentHashMap<>();

    private long slowest;
    private long slowestSince;

    /** A front-end. */
    public interface Reader {
        void disconnect();
    }

    /** @param limit how many bytes may wait for a front-end */
    public Backlog(long limit, LongSupplier clock) {
        this.limit = limit;
        this.clock = clock;
        this.slowestSince = clock.getAsLong();
    }

    public void published(long bytes) {
        published.addAndGet(bytes);
    }

    /** Something waits for {@code reader}, which had read everything. */
    public void waits(Reader reader) {
        behind.putIfAbsent(reader, published.get());
    }

    public void read(Reader reader, long bytes) {
        behind.computeIfPresent(reader, (same, place) -> place + bytes);
    }

    /** Nothing waits for {@code reader}, or it is gone. */
    public void caughtUp(Reader reader) {
        behind.remove(reader);
    }

    /** Whether more may be published; asked again and again by the one thread that does, and gives up on who reads nothing. */
    public boolean hasRoom() {
        if (behind.isEmpty()) {
            return true;
        }
        long place = behind.values().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
        if (published.get() - place <= limit) {
            slowest = Long.MIN_VALUE;
            return true;
        }
        long now = clock.getAsLong();
        if (place != slowest) {
            slowest = place;
            slowestSince = now;
        } else if (now - slowestSince > PATIENCE) {
            behind.forEach((reader, at) -> {
                if (at == place) {
                    KernelLog.warn("disconnected a front-end that has not read its output for "
                            + TimeUnit.NANOSECONDS.toSeconds(PATIENCE) + " seconds");
                    behind.remove(reader);
                    reader.disconnect();
                }
            });
        }
        return false;
    }
}
