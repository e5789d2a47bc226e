package org.layerbook.engine.concurrent;

/**
 * Waiting that an interrupt of the thread does not cut short: who wants to stop a process cancels it, and is told when it
 * is gone. The interrupt is kept for the caller.
 */
public final class Uninterruptibly {
    private Uninterruptibly() {}

    public static void join(Thread thread) {
        await(thread::join);
    }

    public static int waitFor(Process process) {
        await(process::waitFor);
        return process.exitValue();
    }

    public interface Wait {
        void await() throws InterruptedException;
    }

    public static void await(Wait wait) {
        boolean interrupted = false;
        while (true) {
            try {
                wait.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
