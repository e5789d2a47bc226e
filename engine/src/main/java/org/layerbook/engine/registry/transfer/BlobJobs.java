package org.layerbook.engine.registry.transfer;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;

/** Does one thing to many blobs, some at a time, once to each. For one thread. */
public final class BlobJobs implements AutoCloseable {
    public interface Job {
        void on(Descriptor blob) throws IOException;
    }

    private final ExecutorService threads;
    private final Job job;
    private final Set<Digest> known = new HashSet<>();
    private final List<Future<?>> begun = new ArrayList<>();

    /** @param title of the threads */
    public BlobJobs(int atOnce, String title, Job job) {
        this.threads = Executors.newFixedThreadPool(
                atOnce, Thread.ofPlatform().daemon().name(title, 0).factory());
        this.job = job;
    }

    /** Begins with {@code blob}, as soon as there is room, where it is a new one. */
    public void add(Descriptor blob) {
        if (known.add(blob.digest())) {
            begun.add(threads.submit(() -> {
                job.on(blob);
                return null;
            }));
        }
    }

    /** Comes back when all are done, or with the first failure in their order. */
    public void await() throws IOException {
        try {
            for (Future<?> one : begun) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    /** The failure of one that is done already, if there is one. */
    public void check() throws IOException {
        for (Future<?> one : begun) {
            if (one.state() == Future.State.FAILED) {
                throw one.exceptionNow() instanceof IOException io ? io : new IOException(one.exceptionNow());
            }
        }
    }

    /** Interrupts what is not done. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
