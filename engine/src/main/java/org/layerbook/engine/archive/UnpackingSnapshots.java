package org.layerbook.engine.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.CollectableSnapshots;
import org.layerbook.engine.store.Layer;
import org.layerbook.engine.store.Store;
import org.layerbook.engine.store.StoreException;

/**
 * The snapshots of a store that reads additional ones: what an image of theirs consists of is unpacked here when it is first
 * needed, out of their blobs and held against its digests. Each user has trees of their own, as the owners of files are
 * others for each.
 */
public final class UnpackingSnapshots implements Snapshots {
    private final Snapshots own;
    private final Store store;

    public UnpackingSnapshots(Snapshots own, Store store) {
        this.own = own;
        this.store = store;
    }

    /** The chain is here afterwards, if any image that is to be had knows its layers. */
    private void ensure(Optional<Digest> chainId) throws IOException {
        if (chainId.isEmpty() || own.contains(chainId.get())) {
            return;
        }
        Optional<Digest> parent = Optional.empty();
        for (Layer layer : store.layersOf(chainId.get())) {
            if (!own.contains(layer.chainId())) {
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
                    "the layer " + layer.diffId() + " of an additional store was built there and never packed:"
                            + " whoever keeps that store packs an image's layers with `docker save -o FILE IMAGE`, once");
        }
        // Two that need it at a time share the work.
        try (var _ = store.locks().lock("unpack " + layer.chainId());
                InputStream raw = store.content().open(blob.get().digest());
                InputStream tar = Compression.decompressed(raw, own.limits())) {
            if (!own.contains(layer.chainId())) {
                own.unpack(parent, layer.diffId(), tar);
            }
        }
    }

    private void ensure(Digest chainId) throws IOException {
        ensure(Optional.of(chainId));
    }

    @Override
    public boolean contains(Digest chainId) {
        return own.contains(chainId);
    }

    @Override
    public Optional<Layer> layer(Digest chainId) throws IOException {
        return own.layer(chainId);
    }

    @Override
    public Active prepare(Optional<Digest> parent) throws IOException {
        ensure(parent);
        return own.prepare(parent);
    }

    @Override
    public View view(Optional<Digest> chain) throws IOException {
        ensure(chain);
        return own.view(chain);
    }

    @Override
    public Layer unpack(Optional<Digest> parent, Digest diffId, InputStream tar) throws IOException {
        ensure(parent);
        return own.unpack(parent, diffId, tar);
    }

    @Override
    public Layer unpack(Optional<Digest> parent, InputStream tar) throws IOException {
        ensure(parent);
        return own.unpack(parent, tar);
    }

    @Override
    public Layer merge(Optional<Digest> parent, Digest top) throws IOException {
        ensure(parent);
        ensure(top);
        return own.merge(parent, top);
    }

    @Override
    public LayerChanges changes(Digest chainId) throws IOException {
        ensure(chainId);
        return own.changes(chainId);
    }

    @Override
    public FileTree files(Optional<Digest> chain) throws IOException {
        ensure(chain);
        return own.files(chain);
    }

    @Override
    public FileTree layerFiles(Digest chainId) throws IOException {
        ensure(chainId);
        return own.layerFiles(chainId);
    }

    @Override
    public void writeTar(Digest chainId, OutputStream out) throws IOException {
        ensure(chainId);
        own.writeTar(chainId, out);
    }

    @Override
    public Ownership ownership() {
        return own.ownership();
    }

    @Override
    public UnpackLimits limits() {
        return own.limits();
    }

    @Override
    public CollectableSnapshots collectable() {
        return own.collectable();
    }

    @Override
    public String driver() {
        return own.driver();
    }

    @Override
    public String description() {
        return own.description();
    }
}
