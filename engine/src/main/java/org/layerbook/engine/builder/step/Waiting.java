package org.layerbook.engine.builder.step;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.image.StoreLocks;

/** Waits that a cancellation ends. */
public final class Waiting {
    private Waiting() {}

    /** @throws CancelledException while waiting */
    public static StoreLocks.Held lock(StoreLocks locks, String name, Cancellation cancellation) throws IOException {
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
