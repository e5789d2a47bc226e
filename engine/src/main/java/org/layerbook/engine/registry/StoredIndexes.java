package org.layerbook.engine.registry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerbook.engine.archive.ImagePacker;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.ContentStore;
import org.layerbook.engine.store.Image;
import org.layerbook.engine.store.Images;
import org.layerbook.engine.store.Lease;
import org.layerbook.engine.store.Resource;
import org.layerbook.engine.store.Store;

/**
 * Indexes in the store: one is kept as long as an image has a name with its digest, which a pull gives it and a push. An
 * image of it is found by its manifest.
 */
public final class StoredIndexes {
    private final Store store;

    public StoredIndexes(Store store) {
        this.store = store;
    }

    /**
     * Writes an index of these images, and what they need to leave the store. It stays when one of them gets a name with
     * its digest.
     *
     * @param images one for each platform, in the index's order
     * @param lease keeps all of it from now on
     */
    public Descriptor write(List<Image> images, Snapshots snapshots, Lease lease) throws IOException {
        var packer = new ImagePacker(store, snapshots);
        var entries = new ArrayList<Descriptor>();
        for (Image image : images) {
            Descriptor manifest = packer.pack(image, lease).manifest().orElseThrow();
            entries.add(manifest.withPlatform(image.config().platform()));
        }
        byte[] index = Index.of(entries).toIndentedJson();
        Digest digest = Digest.sha256(index);
        lease.keep(Resource.blob(digest));
        store.content().put(index);
        return new Descriptor(MediaTypes.OCI_INDEX, digest, index.length);
    }

    /**
     * The index that an image was pulled or pushed in: rather the one of {@code name}'s repository than another.
     *
     * @param name that the image is to be pushed under
     */
    public Optional<Descriptor> of(Image image, Reference name) throws IOException {
        Optional<Digest> manifest = image.manifest().map(Descriptor::digest);
        if (manifest.isEmpty()) {
            return Optional.empty();
        }
        Set<Digest> candidates = new LinkedHashSet<>();
        List<Reference> names = store.names().of(image.id());
        names.stream()
                .filter(its -> its.name().equals(name.name()))
                .forEach(its -> its.digest().ifPresent(candidates::add));
        names.forEach(its -> its.digest().ifPresent(candidates::add));
        for (Digest digest : candidates) {
            Optional<Index> index = read(digest);
            if (index.isPresent() && names(index.get(), manifest.get())) {
                long size = store.content().size(digest).orElse(0L);
                return Optional.of(new Descriptor(index.get().mediaType(), digest, size));
            }
        }
        return Optional.empty();
    }

    private static boolean names(Index index, Digest manifest) {
        return index.manifests().stream().anyMatch(entry -> entry.digest().equals(manifest));
    }

    /** Empty when it is not here, or is something else. */
    public Optional<Index> read(Digest digest) throws IOException {
        Optional<Long> size = store.content().size(digest);
        if (size.isEmpty() || size.get() > ContentStore.MAX_DOCUMENT) {
            return Optional.empty();
        }
        try {
            Index index = Index.parse(store.content().read(digest).toArray());
            return MediaTypes.isIndex(index.mediaType()) && !index.manifests().isEmpty()
                    ? Optional.of(index)
                    : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** The images of an index that are in the store, in its order. */
    public List<Image> images(Index index) throws IOException {
        var manifests = new java.util.HashMap<Digest, Digest>();
        for (Images.Summary summary : store.images().list()) {
            summary.manifest().ifPresent(manifest -> manifests.put(manifest, summary.id()));
        }
        var images = new ArrayList<Image>();
        for (Descriptor entry : index.manifests()) {
            Optional<Digest> id = Optional.ofNullable(manifests.get(entry.digest()));
            if (id.isPresent()) {
                store.images().get(id.get()).ifPresent(images::add);
            }
        }
        return images;
    }

    /**
     * The images without a name that are in the store as other platforms' of one that has: they are that one's, and none
     * of their own.
     */
    public Set<Digest> nameless() throws IOException {
        List<Images.Summary> all = store.images().list();
        if (all.stream()
                .noneMatch(image -> image.names().isEmpty() && image.manifest().isPresent())) {
            return Set.of();
        }
        Set<Digest> manifests = new HashSet<>();
        for (Images.Summary image : all) {
            for (Reference name : image.digests()) {
                read(name.digest().orElseThrow())
                        .ifPresent(index -> index.manifests().forEach(entry -> manifests.add(entry.digest())));
            }
        }
        return all.stream()
                .filter(image -> image.names().isEmpty()
                        && image.manifest().filter(manifests::contains).isPresent())
                .map(Images.Summary::id)
                .collect(Collectors.toSet());
    }

    /** Whether all that the index names is in the store: its manifests, and what these name. */
    public boolean isComplete(Index index) throws IOException {
        for (Descriptor entry : index.manifests()) {
            if (!store.content().contains(entry.digest())) {
                return false;
            }
            if (MediaTypes.isIndex(entry.mediaType())) {
                Optional<Index> inner = read(entry.digest());
                if (inner.isEmpty() || !isComplete(inner.get())) {
                    return false;
                }
            } else if (MediaTypes.isManifest(entry.mediaType()) && !hasBlobs(entry.digest())) {
                return false;
            }
        }
        return true;
    }

    private boolean hasBlobs(Digest digest) throws IOException {
        Manifest manifest = Manifest.parse(store.content().read(digest).toArray());
        return store.content().contains(manifest.config().digest())
                && manifest.layers().stream()
                        .allMatch(layer ->
                                store.content().contains(layer.digest()) || MediaTypes.isForeign(layer.mediaType()));
    }

    /** What the layers of these images are called in the events of a push: diff IDs, by their blobs. */
    static Map<Digest, Digest> shown(List<Image> images) {
        var shown = new java.util.HashMap<Digest, Digest>();
        images.forEach(image -> image.layers()
                .forEach(layer -> layer.blob().ifPresent(blob -> shown.putIfAbsent(blob.digest(), layer.diffId()))));
        return shown;
    }
}
