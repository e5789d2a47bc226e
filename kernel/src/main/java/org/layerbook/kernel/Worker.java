package org.layerbook.kernel;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.layerbook.kernel.wire.KernelLog;

/** One thread that does one thing after the other; it starts with the first. */
final class Worker {
    private final ExecutorService thread;

    Worker(String name) {
        thread = Executors.newSingleThreadExecutor(
                task -> Thread.ofPlatform().name(name).daemon().unstarted(task));
    }

    /** Does nothing once stopped. */
    void submit(Runnable task) {
        try {
            thread.execute(() -> guarded(task));
        } catch (RejectedExecutionException e) {
            KernelLog.warn("dropped a request after shutdown", e);
        }
    }

    /** A fault of one task must not cost the next ones their thread. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            KernelLog.warn("a request failed", e);
        }
    }

    void stop() {
        thread.shutdown();
    }
}
