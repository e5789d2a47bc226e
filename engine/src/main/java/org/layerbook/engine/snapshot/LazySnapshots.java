package org.layerbook.engine.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.oci.Digest;

/** Snapshots of which some are only made when somebody first looks into them, out of layers that lie elsewhere. */
public abstract class LazySnapshots implements Snapshots {
    private final Snapshots own;

    /** @param own where they are made, and looked for first */
    protected LazySnapshots(Snapshots own) {
        this.own = own;
    }

    protected final Snapshots own() {
        return own;
    }

    /** The chain is there afterwards, if it is to be had. */
    public abstract void ensure(Optional<Digest> chain) throws IOException;

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
    public Durable durable(Optional<Digest> parent, Path folder) throws IOException {
        ensure(parent);
        return own.durable(parent, folder);
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
        ensure(Optional.of(top));
        return own.merge(parent, top);
    }

    @Override
    public LayerChanges changes(Digest chainId) throws IOException {
        ensure(Optional.of(chainId));
        return own.changes(chainId);
    }

    @Override
    public FileTree files(Optional<Digest> chain) throws IOException {
        ensure(chain);
        return own.files(chain);
    }

    @Override
    public FileTree layerFiles(Digest chainId) throws IOException {
        ensure(Optional.of(chainId));
        return own.layerFiles(chainId);
    }

    @Override
    public void writeTar(Digest chainId, OutputStream out) throws IOException {
        ensure(Optional.of(chainId));
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
