package org.layerbook.engine.archive;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.layerbook.engine.archive.read.ArchivedImage;
import org.layerbook.engine.archive.read.ArchivedImage.ArchivedLayer;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.compress.CopyingInput;
import org.layerbook.engine.compress.HashingOutput;
import org.layerbook.engine.compress.InterruptibleInput;
import org.layerbook.engine.compress.ParallelGzip;
import org.layerbook.engine.compress.Streams;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/** Brings the images of an archive into the store: all of them, or none. */
final class ImageLoader {
    private final Store store;
    private final Snapshots snapshots;
    private final Lease lease;

    ImageLoader(Store store, Snapshots snapshots, Lease lease) {
        this.store = store;
        this.snapshots = snapshots;
        this.lease = lease;
    }

    List<LoadResult> load(List<ArchivedImage> archived) throws IOException {
        var images = new ArrayList<Image>();
        for (ArchivedImage image : archived) {
            try {
                images.add(image(image));
            } catch (StoreException | InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                throw new ArchiveException("cannot load " + image.title() + ": " + e.getMessage(), e);
            }
        }
        var loaded = new ArrayList<LoadResult>();
        for (int i = 0; i < images.size(); i++) {
            store.images().put(images.get(i));
            if (!archived.get(i).variant()) {
                loaded.add(named(archived.get(i), images.get(i)));
            }
        }
        return List.copyOf(loaded);
    }

    private LoadResult named(ArchivedImage archived, Image image) throws IOException {
        Map<Reference, Descriptor> targets = new HashMap<>();
        for (var index : archived.indexes().entrySet()) {
            lease.keep(GcRoot.blob(index.getValue().descriptor().digest()));
            targets.put(index.getKey(), index.getValue().store());
        }
        return named(
                store,
                image,
                List.copyOf(archived.names()),
                name -> Optional.ofNullable(targets.get(name)).or(image::manifest));
    }

    /** Gives a listed image its names. @param targets what they stand for */
    static LoadResult named(
            Store store, Image image, List<Reference> names, Function<Reference, Optional<Descriptor>> targets)
            throws IOException {
        Map<Reference, Digest> replaced = new HashMap<>();
        for (Reference name : names) {
            store.names()
                    .set(name, image.id(), targets.apply(name))
                    .filter(before -> !before.equals(image.id()))
                    .ifPresent(before -> replaced.put(name, before));
        }
        return new LoadResult(image, names, replaced);
    }

    /** One image, neither listed nor named. */
    Image image(ArchivedImage archived) throws IOException {
        ImageConfig config = ImageConfig.parse(archived.config().toArray());
        List<Digest> diffIds = config.diffIds();
        if (!config.platform().os().equals("linux")) {
            throw new ArchiveException(
                    "its operating system is " + config.platform().os() + ", not linux");
        }
        if (diffIds.size() != archived.layers().size()) {
            throw new ArchiveException("its config has " + diffIds.size() + " diff IDs, but its manifest has "
                    + archived.layers().size() + " layers");
        }
        var layers = new ArrayList<Layer>();
        Optional<Digest> parent = Optional.empty();
        for (int i = 0; i < diffIds.size(); i++) {
            Layer layer = layer(parent, diffIds.get(i), archived.layers().get(i));
            layers.add(layer);
            parent = Optional.of(layer.chainId());
        }
        Optional<Descriptor> manifest = Optional.empty();
        if (archived.manifest().isPresent()) {
            manifest = Optional.of(archived.manifest().get().store());
        }
        return new Image(archived.config(), config, layers, manifest);
    }

    private Layer layer(Optional<Digest> parent, Digest diffId, ArchivedLayer archived) throws IOException {
        Digest chainId = Layer.chain(parent, diffId);
        lease.keep(GcRoot.chain(chainId));
        Optional<Layer> known = snapshots.layer(chainId);
        Optional<Descriptor> blob = knownBlob(diffId, archived);
        if (known.isPresent() && blob.isPresent()) {
            return withBlob(known.get(), blob.get());
        }
        try (var raw = new BufferedInputStream(archived.file().open(), 1 << 16)) {
            Compression compression = Compression.detect(raw);
            var tar = new InterruptibleInput(compression.decompress(raw, snapshots.limits()));
            if (archived.descriptor().isEmpty() && compression.layerType().isEmpty()) {
                return recompressed(parent, diffId, known, tar);
            }
            Layer layer = unpack(parent, diffId, known, tar);
            Streams.copy(raw, OutputStream.nullOutputStream());
            return withBlob(layer, store(archived, compression));
        }
    }

    /** The blob of this very layer that the store has, and has looked into before. */
    private Optional<Descriptor> knownBlob(Digest diffId, ArchivedLayer archived) throws IOException {
        Optional<Descriptor> known = store.layerBlobs().find(diffId);
        Optional<Descriptor> offered = archived.descriptor();
        if (known.isEmpty()
                || offered.isPresent()
                        && !offered.get().digest().equals(known.get().digest())) {
            return Optional.empty();
        }
        lease.keep(GcRoot.blob(known.get().digest()));
        return store.content().contains(known.get().digest()) ? offered.or(() -> known) : Optional.empty();
    }

    private Layer unpack(Optional<Digest> parent, Digest diffId, Optional<Layer> known, InputStream tar)
            throws IOException {
        if (known.isEmpty()) {
            return snapshots.unpack(parent, diffId, tar);
        }
        var hash = new HashingOutput();
        Streams.copy(tar, hash);
        Digest found = hash.digest();
        if (!found.equals(diffId)) {
            throw new ArchiveException("layer digest mismatch: got " + found + ", expected " + diffId);
        }
        return known.get();
    }

    private Descriptor store(ArchivedLayer archived, Compression compression) throws IOException {
        long size = archived.file().size();
        Digest blob = archived.file().store(archived.descriptor().map(Descriptor::digest));
        return archived.descriptor()
                .orElseGet(() -> new Descriptor(compression.layerType().orElseThrow(), blob, size));
    }

    /** A layer compressed in a way that no manifest can name becomes one that any reader takes. */
    private Layer recompressed(Optional<Digest> parent, Digest diffId, Optional<Layer> known, InputStream tar)
            throws IOException {
        try (ContentStore.Ingest ingest = store.content().ingest()) {
            Layer layer;
            try (var gzip = new ParallelGzip(ingest.out());
                    var copied = new CopyingInput(tar, gzip)) {
                layer = unpack(parent, diffId, known, copied);
                Streams.copy(copied, OutputStream.nullOutputStream());
            }
            long size = ingest.size();
            return withBlob(layer, new Descriptor(MediaTypes.OCI_LAYER_GZIP, ingest.commit(Optional.empty()), size));
        }
    }

    private static Layer withBlob(Layer layer, Descriptor blob) {
        return new Layer(layer.diffId(), layer.chainId(), layer.size(), Optional.of(blob));
    }
}
