package org.layerbook.engine.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.snapshot.LazySnapshots;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/**
 * The snapshots of a store that reads additional ones: what an image of theirs consists of is unpacked here when it is first
 * needed, out of their blobs and held against its digests. Each user has trees of their own, as the owners of files are
 * others for each.
 */
public final class UnpackingSnapshots extends LazySnapshots {
    private final Store store;

    public UnpackingSnapshots(Snapshots own, Store store) {
        super(own);
        this.store = store;
    }

    /** If any image that is to be had knows its layers. */
    @Override
    public void ensure(Optional<Digest> chainId) throws IOException {
        if (chainId.isEmpty() || own().contains(chainId.get())) {
            return;
        }
        Optional<Digest> parent = Optional.empty();
        for (Layer layer : store.layersOf(chainId.get())) {
            if (!own().contains(layer.chainId())) {
                unpack(parent, layer);
            }
            parent = Optional.of(layer.chainId());
        }
    }

    private void unpack(Optional<Digest> parent, Layer layer) throws IOException {
        Optional<Descriptor> blob =
                layer.blob().isPresent() ? layer.blob() : store.layerBlobs().find(layer.diffId());
        if (blob.isEmpty() || !store.content().contains(blob.get().digest())) {
            throw new StoreException(
                    "the layer " + layer.diffId() + " of an additional store was built there but never packed:"
                            + " run `docker save -o FILE IMAGE` once in that store");
        }
        // Two that need it at a time share the work.
        try (var _ = store.locks().lock("unpack " + layer.chainId());
                InputStream raw = store.content().open(blob.get().digest());
                InputStream tar = Compression.decompressed(raw, own().limits())) {
            if (!own().contains(layer.chainId())) {
                own().unpack(parent, layer.diffId(), tar);
            }
        }
    }
}
