package org.layerbook.engine.concurrent;

import java.util.ArrayList;
import java.util.List;

/**
 * A wish to stop, made once and seen by everything that works for one cell. Thread-safe. Long work asks
 * {@link #isCancelled()}; what waits on something else registers how to wake it.
 */
public final class Cancellation {
    private final List<Runnable> actions = new ArrayList<>();
    private boolean cancelled;

    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Runs every registered action, once; later calls do nothing. */
    public void cancel() {
        List<Runnable> toRun;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            toRun = List.copyOf(actions);
            actions.clear();
        }
        toRun.forEach(Runnable::run);
    }

    /** Runs {@code action} on cancellation, at once if that has happened already; close the result to take it back. */
    public Registration onCancel(Runnable action) {
        synchronized (this) {
            if (!cancelled) {
                actions.add(action);
                return () -> remove(action);
            }
        }
        action.run();
        return () -> {};
    }

    private synchronized void remove(Runnable action) {
        actions.remove(action);
    }

    /** Does not throw on close. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
