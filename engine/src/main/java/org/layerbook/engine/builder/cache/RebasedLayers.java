package org.layerbook.engine.builder.cache;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.UnaryOperator;
import org.layerbook.engine.builder.step.CancelledException;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.snapshot.Snapshots;

/** Layers of {@code COPY --link}: the same layer on another base, without copying anything again from its source. */
public final class RebasedLayers {
    private static final int PIPE = 1 << 16;

    private RebasedLayers() {}

    /** @param result a layer on whatever it was made on; its snapshot is there */
    public static BuildCache.Result onto(
            Snapshots snapshots, Optional<Digest> parent, BuildCache.Result result, Lease lease) throws IOException {
        Layer made = result.layer();
        Digest chain = Layer.chain(parent, made.diffId());
        if (chain.equals(made.chainId())) {
            return result;
        }
        lease.keep(GcRoot.chain(chain));
        if (!snapshots.contains(chain)) {
            copy(snapshots, parent, made, Optional.of(made.diffId()), UnaryOperator.identity());
        }
        return new BuildCache.Result(new Layer(made.diffId(), chain, made.size(), Optional.empty()), result.created());
    }

    /**
     * Unpacks a layer's tar on another parent.
     *
     * @param expected its digest there, where it is known
     * @param changed what the tar goes through on its way
     */
    public static Layer copy(
            Snapshots snapshots,
            Optional<Digest> parent,
            Layer made,
            Optional<Digest> expected,
            UnaryOperator<OutputStream> changed)
            throws IOException {
        try (var out = new PipedOutputStream();
                var in = new PipedInputStream(out, PIPE)) {
            var writing = new FutureTask<Void>(() -> {
                try (out) {
                    snapshots.writeTar(made.chainId(), changed.apply(out));
                }
                return null;
            });
            Thread.ofVirtual().name("move-layer").start(writing);
            Layer copied =
                    expected.isPresent() ? snapshots.unpack(parent, expected.get(), in) : snapshots.unpack(parent, in);
            writing.get();
            return copied;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancelledException();
        }
    }
}
