package org.layerbook.engine.build;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.layerbook.engine.sandbox.Cancellation;
import org.layerbook.engine.store.StoreLocks;

/** Waits that a cancellation ends. */
final class Waiting {
    private Waiting() {}

    /** @throws CancelledException while waiting */
    static StoreLocks.Held lock(StoreLocks locks, String name, Cancellation cancellation) throws IOException {
        Thread waiting = Thread.currentThread();
        try (var _ = cancellation.onCancel(waiting::interrupt)) {
            return locks.lock(name);
        } catch (InterruptedIOException e) {
            throw new CancelledException();
        } finally {
            if (cancellation.isCancelled()) {
                // Ours: whoever else interrupts this thread does so again.
                Thread.interrupted();
            }
        }
    }
}
