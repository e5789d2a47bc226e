package org.layerbook.engine.concurrent;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Runs work on a thread of its own, which a cancellation interrupts; the caller's thread is left alone. */
public final class Interruptible {
    private Interruptible() {}

    /** @throws InterruptedIOException when cancelled; the work has ended by then */
    public static <T> T run(String name, Cancellation cancellation, Callable<T> work) throws IOException {
        var task = new FutureTask<>(work);
        Thread thread = Thread.ofPlatform().daemon().name(name).start(task);
        try (var _ = cancellation.onCancel(thread::interrupt)) {
            join(thread);
        }
        try {
            return task.get();
        } catch (InterruptedException e) {
            throw new IllegalStateException("it has ended", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException other -> throw other;
                case Error other -> throw other;
                default -> throw new IOException(e.getCause());
            }
        }
    }

    /** An interrupt of the waiting thread is handed on. */
    private static void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
