package org.layerbook.engine.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.layerbook.engine.oci.Descriptor;

/** Does one thing to many blobs, some at a time. */
final class Blobs {
    interface Action {
        void on(Descriptor blob) throws IOException;
    }

    private Blobs() {}

    /**
     * Comes back when all are done, or with the first failure in their order; then the rest is interrupted.
     *
     * @param title of the threads
     */
    static void each(List<Descriptor> blobs, int atOnce, String title, Action action) throws IOException {
        var threads = Executors.newFixedThreadPool(
                atOnce, Thread.ofPlatform().daemon().name(title, 0).factory());
        try {
            var all = new ArrayList<Future<?>>();
            for (Descriptor blob : blobs) {
                all.add(threads.submit(() -> {
                    action.on(blob);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
