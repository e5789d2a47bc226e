package org.layerbook.kernel;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Gives memory back that a kernel does not need while nobody uses it. Java's serial collector returns memory to the system
 * at a full collection only, and collects when more is wanted, so what a large cell took would stay for good.
 */
final class IdleMemory {
    private static final long QUIET_MILLIS = 2000;
    /** With no more than this there is nothing to give back that would be worth a collection. */
    private static final long WORTHWHILE = 80 << 20;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().name("idle memory").daemon().unstarted(task));
    private ScheduledFuture<?> planned;

    /** Something was done, and may have left something behind. Costs nothing while the kernel is small. */
    synchronized void used() {
        if (Runtime.getRuntime().totalMemory() < WORTHWHILE) {
            return;
        }
        if (planned != null) {
            planned.cancel(false);
        }
        planned = thread.schedule(System::gc, QUIET_MILLIS, TimeUnit.MILLISECONDS);
    }

    synchronized void stop() {
        thread.shutdownNow();
    }
}
