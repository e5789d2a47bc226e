package org.layerbook.engine.builder.cache;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.snapshot.LazySnapshots;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.file.LayerBlobs;

/**
 * The store's snapshots, and those that an imported cache offers: fetched, verified and unpacked when somebody first looks
 * into them, so that of a build that is all cached only what the image consists of is fetched.
 */
public final class ImportedSnapshots extends LazySnapshots {
    private final ContentStore content;
    private final LayerBlobs blobs;
    private final ImportedCaches caches;
    private final Cancellation cancellation;
    private final Map<Digest, Offered> offered = new ConcurrentHashMap<>();

    /** A layer of a cache at its place on {@code parent}. */
    private record Offered(Optional<Digest> parent, Layer layer, ImportedCaches.Offer offer) {}

    public ImportedSnapshots(
            Snapshots stored,
            ContentStore content,
            LayerBlobs blobs,
            ImportedCaches caches,
            Cancellation cancellation) {
        super(stored);
        this.content = content;
        this.blobs = blobs;
        this.caches = caches;
        this.cancellation = cancellation;
    }

    /** From now on the layer is as good as here. */
    Layer offer(Optional<Digest> parent, ImportedCaches.Offer offer) throws IOException {
        Digest chain = Layer.chain(parent, offer.step().diffId());
        Optional<Layer> here = own().layer(chain);
        if (here.isPresent()) {
            return here.get();
        }
        var layer = new Layer(offer.step().diffId(), chain, offer.step().size(), Optional.empty());
        offered.put(chain, new Offered(parent, layer, offer));
        return layer;
    }

    /** Whether it is in the store, and not only offered. */
    boolean isStored(Digest chain) {
        return own().contains(chain);
    }

    /**
     * Fetches the layer {@code chain} and those below it, where they are not here.
     *
     * @throws IOException when that fails; {@link ImportedCaches#drop} then says which it was
     */
    @Override
    public void ensure(Optional<Digest> chain) throws IOException {
        if (chain.isEmpty() || own().contains(chain.get())) {
            return;
        }
        Offered wanted = offered.get(chain.get());
        if (wanted == null) {
            return;
        }
        ensure(wanted.parent());
        synchronized (wanted) {
            if (!own().contains(chain.get())) {
                try {
                    fetch(wanted);
                } catch (InterruptedIOException e) {
                    throw e;
                } catch (IOException e) {
                    caches.failed(wanted.offer(), e);
                    throw e;
                }
            }
        }
    }

    /** Whether every layer is here, or offered as a whole. */
    public boolean canEnsure(Optional<Digest> chain) {
        if (chain.isEmpty() || own().contains(chain.get())) {
            return true;
        }
        Offered wanted = offered.get(chain.get());
        return wanted != null && wanted.offer().step().blob().isPresent() && canEnsure(wanted.parent());
    }

    private void fetch(Offered wanted) throws IOException {
        Descriptor blob = wanted.offer()
                .step()
                .blob()
                .orElseThrow(() -> new IOException(
                        "the cache does not have the layer " + wanted.layer().diffId()));
        if (!content.claim(blob.digest(), blob.size())) {
            wanted.offer().cache().fetch(blob, cancellation);
        }
        Layer layer;
        try (InputStream raw = content.open(blob.digest());
                InputStream tar = Compression.decompressed(raw, own().limits())) {
            layer = own().unpack(wanted.parent(), wanted.layer().diffId(), tar);
        }
        if (layer.size() != wanted.layer().size()) {
            throw new IOException("the layer " + layer.diffId() + " has " + layer.size() + " bytes of files, expected "
                    + wanted.layer().size());
        }
        blobs.remember(layer.diffId(), new Descriptor(blob.mediaType(), blob.digest(), blob.size()));
    }

    @Override
    public boolean contains(Digest chainId) {
        return own().contains(chainId) || offered.containsKey(chainId);
    }

    @Override
    public Optional<Layer> layer(Digest chainId) throws IOException {
        Optional<Layer> here = own().layer(chainId);
        return here.isPresent()
                ? here
                : Optional.ofNullable(offered.get(chainId)).map(Offered::layer);
    }
}
