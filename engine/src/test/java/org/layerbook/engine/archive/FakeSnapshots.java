package org.layerbook.engine.archive;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.snapshot.Snapshots;

/** Keeps the tars of layers in memory, and unpacks nothing. */
public final class FakeSnapshots implements Snapshots, CollectableSnapshots {
    private record Kept(Layer layer, Optional<Digest> parent, byte[] tar, Instant made) {}

    private final Map<Digest, Kept> kept = new LinkedHashMap<>();
    /** Diff IDs in the order in which they were unpacked or written. */
    public final List<String> log = new ArrayList<>();

    /** A layer as a build would leave it. */
    public Layer built(Optional<Digest> parent, byte[] tar) throws IOException {
        return keep(parent, Digest.sha256(tar), tar);
    }

    private Layer keep(Optional<Digest> parent, Digest diffId, byte[] tar) throws IOException {
        long size = 0;
        try (var entries = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (TarArchiveEntry e = entries.getNextEntry(); e != null; e = entries.getNextEntry()) {
                size += e.isFile() ? e.getSize() : 0;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("not a tar", e);
        }
        var layer = new Layer(diffId, Layer.chain(parent, diffId), size, Optional.empty());
        kept.putIfAbsent(layer.chainId(), new Kept(layer, parent, tar, Instant.now()));
        return layer;
    }

    public int count() {
        return kept.size();
    }

    byte[] tar(Digest chainId) {
        return kept.get(chainId).tar();
    }

    @Override
    public boolean contains(Digest chainId) {
        return kept.containsKey(chainId);
    }

    @Override
    public Optional<Layer> layer(Digest chainId) {
        return Optional.ofNullable(kept.get(chainId)).map(Kept::layer);
    }

    @Override
    public Layer unpack(Optional<Digest> parent, Digest diffId, InputStream tar) throws IOException {
        byte[] bytes = tar.readAllBytes();
        Digest found = Digest.sha256(bytes);
        if (!found.equals(diffId)) {
            throw new IOException("layer digest mismatch: got " + found + ", expected " + diffId);
        }
        log.add("unpack " + diffId.shortHex());
        return keep(parent, diffId, bytes);
    }

    @Override
    public Layer unpack(Optional<Digest> parent, InputStream tar) throws IOException {
        return built(parent, tar.readAllBytes());
    }

    @Override
    public Layer merge(Optional<Digest> parent, Digest top) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void writeTar(Digest chainId, OutputStream out) throws IOException {
        log.add("write " + kept.get(chainId).layer().diffId().shortHex());
        out.write(kept.get(chainId).tar());
    }

    @Override
    public CollectableSnapshots collectable() {
        return this;
    }

    @Override
    public List<Snapshot> list() {
        return kept.values().stream()
                .map(k -> new Snapshot(k.layer().chainId(), k.parent(), k.made()))
                .toList();
    }

    @Override
    public void discard(Digest chainId, Path trash) {
        kept.remove(chainId);
    }

    @Override
    public Active prepare(Optional<Digest> parent) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Durable durable(Optional<Digest> parent, Path folder) {
        throw new UnsupportedOperationException();
    }

    @Override
    public View view(Optional<Digest> chain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public LayerChanges changes(Digest chainId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileTree files(Optional<Digest> chain) {
        throw new UnsupportedOperationException();
    }

    @Override
    public FileTree layerFiles(Digest chainId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public UnpackLimits limits() {
        return UnpackLimits.DEFAULT;
    }

    @Override
    public Ownership ownership() {
        throw new UnsupportedOperationException();
    }

    @Override
    public String driver() {
        return "vfs";
    }

    @Override
    public String description() {
        return "fake";
    }
}
