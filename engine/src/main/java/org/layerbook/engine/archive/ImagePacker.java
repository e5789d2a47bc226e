package org.layerbook.engine.archive;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.layerbook.engine.compress.ParallelGzip;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/**
 * Gives an image that was built here what it needs to leave the store: a blob for each layer, and a manifest. Both are
 * remembered, so that a layer is compressed once, for whatever number of images and times.
 */
public final class ImagePacker {
    private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";

    /** What a manifest made here says of its layers. */
    private static final Set<String> SAID_OF_LAYERS = Set.of("buildkit/rewritten-timestamp");

    private final Store store;
    private final Snapshots snapshots;

    public ImagePacker(Store store, Snapshots snapshots) {
        this.store = store;
        this.snapshots = snapshots;
    }

    /**
     * The image with a manifest and with a blob for every layer, all of them and its config in the store.
     *
     * @param lease keeps them from now on
     */
    public Image pack(Image image, Lease lease) throws IOException {
        return pack(image, lease, (layer, blob) -> {});
    }

    /** Hears of each layer when its blob is there. */
    @FunctionalInterface
    public interface Progress {
        void packed(Layer layer, Descriptor blob) throws IOException;
    }

    /** As {@link #pack(Image, Lease)}; what {@code progress} throws ends it. */
    public Image pack(Image image, Lease lease, Progress progress) throws IOException {
        lease.keep(image);
        store.content().put(image.configBytes().toArray());
        var layers = new ArrayList<Layer>();
        for (Layer layer : image.layers()) {
            Descriptor blob = blob(layer, lease);
            layers.add(layer.withBlob(blob));
            progress.packed(layer, blob);
        }
        boolean known = hasManifest(image);
        Descriptor manifest = manifest(image, layers);
        lease.keep(GcRoot.blob(manifest.digest()));
        Image packed = new Image(image.configBytes(), image.config(), layers, Optional.of(manifest));
        if (store.images().contains(image.id()) && !store.content().isReadOnly()) {
            // A manifest that one name stands for is not made that of the whole image.
            store.images().put(known ? packed.withManifest(Optional.empty()) : packed);
        }
        return packed;
    }

    /** Whether the image came, or was sent before, with a manifest that is still here: it names the blobs to send. */
    public boolean hasManifest(Image image) {
        return knownManifest(image).isPresent();
    }

    private Optional<Descriptor> knownManifest(Image image) {
        return image.manifest().filter(manifest -> store.content().contains(manifest.digest()));
    }

    /**
     * The image, packed, with a manifest that says these things besides. Its ID stays what it is.
     *
     * @param lease keeps it from now on
     */
    public Image annotated(Image image, Map<String, String> annotations, Lease lease) throws IOException {
        Image packed = pack(image, lease);
        Descriptor described = packed.manifest().orElseThrow();
        Manifest plain = Manifest.parse(store.content().read(described.digest()).toArray());
        var all = new TreeMap<>(plain.annotations());
        all.putAll(annotations);
        byte[] manifest = new Manifest(
                        plain.mediaType(), plain.artifactType(), plain.config(), plain.layers(), plain.subject(), all)
                .toJson();
        Digest digest = Digest.sha256(manifest);
        lease.keep(GcRoot.blob(digest));
        store.content().put(manifest);
        return new Image(
                packed.configBytes(),
                packed.config(),
                packed.layers(),
                Optional.of(new Descriptor(plain.mediaType(), digest, manifest.length)));
    }

    /**
     * The layer as a blob that is in the store.
     *
     * @param lease keeps it from now on
     */
    public Descriptor blob(Layer layer, Lease lease) throws IOException {
        Optional<Descriptor> known = layer.blob();
        if (known.isPresent() && store.content().contains(known.get().digest())) {
            return known.get();
        }
        // Two that save at a time share the work.
        try (var _ = store.locks().lock("pack " + layer.diffId())) {
            Optional<Descriptor> found = store.layerBlobs().find(layer.diffId());
            if (found.isPresent()) {
                lease.keep(GcRoot.blob(found.get().digest()));
                if (store.content().contains(found.get().digest())) {
                    return found.get();
                }
            }
            Descriptor made = compress(layer);
            lease.keep(GcRoot.blob(made.digest()));
            if (!store.content().isReadOnly()) {
                store.layerBlobs().remember(layer.diffId(), made);
            }
            return made;
        }
    }

    private Descriptor compress(Layer layer) throws IOException {
        try (ContentStore.Ingest ingest = store.content().ingest()) {
            try (var gzip = new ParallelGzip(ingest.out())) {
                snapshots.writeTar(layer.chainId(), gzip);
            }
            long size = ingest.size();
            return new Descriptor(MediaTypes.OCI_LAYER_GZIP, ingest.commit(Optional.empty()), size);
        }
    }

    /** The one that came with the image, else a new one. */
    private Descriptor manifest(Image image, List<Layer> layers) throws IOException {
        Optional<Descriptor> known = knownManifest(image);
        if (known.isPresent()) {
            return known.get();
        }
        byte[] manifest = Manifest.of(
                        new Descriptor(
                                MediaTypes.OCI_CONFIG,
                                image.id(),
                                image.configBytes().length()),
                        layers.stream()
                                .map(layer -> ociLayer(layer.blob().orElseThrow()))
                                .toList())
                .toJson();
        Digest digest = store.content().put(manifest);
        return new Descriptor(MediaTypes.OCI_MANIFEST, digest, manifest.length);
    }

    /** A layer that came in a manifest of docker's has its media type there, and OCI's in ours. */
    private static Descriptor ociLayer(Descriptor blob) {
        String type = blob.mediaType();
        String suffix = type.startsWith(DOCKER_LAYER) ? type.substring(DOCKER_LAYER.length()) : "";
        String ours = switch (suffix) {
            case ".gzip" -> MediaTypes.OCI_LAYER_GZIP;
            case ".zstd" -> MediaTypes.OCI_LAYER_ZSTD;
            default -> type.equals(DOCKER_LAYER) ? MediaTypes.OCI_LAYER : type;
        };
        var said = new LinkedHashMap<>(blob.annotations());
        said.keySet().retainAll(SAID_OF_LAYERS);
        return new Descriptor(ours, blob.digest(), blob.size(), said, Optional.empty());
    }
}
