package org.layerbook.kernel.wire;

import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Gives memory back that a kernel does not need while nobody uses it. Java's serial collector returns memory to the system
 * at a full collection only, and collects when more is wanted, so what a large cell took would stay for good.
 */
public final class IdleMemory {
    private static final long QUIET_MILLIS = 2000;
    /** With no more than this there is nothing to give back that would be worth a collection. */
    private static final long WORTHWHILE = 80 << 20;

    private static final long WORTHWHILE_OUTSIDE = 16 << 20;

    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().name("idle memory").daemon().unstarted(task));
    private Optional<Future<?>> planned = Optional.empty();
    private long outside;

    public IdleMemory() {
        thread.setRemoveOnCancelPolicy(true);
    }

    /** Something was done, and may have left something behind. Costs nothing while the kernel is small. */
    public synchronized void used() {
        boolean small = outside < WORTHWHILE_OUTSIDE && Runtime.getRuntime().totalMemory() < WORTHWHILE;
        if (small || thread.isShutdown()) {
            return;
        }
        planned.ifPresent(collection -> collection.cancel(false));
        planned = Optional.of(thread.schedule(this::collect, QUIET_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** As {@link #used()}, with so many bytes outside of the heap, which only a collection frees. */
    public synchronized void used(long bytes) {
        outside += bytes;
        used();
    }

    private void collect() {
        System.gc();
        synchronized (this) {
            outside = 0;
        }
    }

    public synchronized void stop() {
        thread.shutdownNow();
    }
}
