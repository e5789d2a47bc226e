package org.layerbook.engine.registry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerbook.engine.archive.ImagePacker;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/** Indexes in the store: one is kept as long as a name stands for it. */
public final class StoredIndexes {
    private final Store store;

    public StoredIndexes(Store store) {
        this.store = store;
    }

    /**
     * Writes an index of these images, and what they need to leave the store. It stays when a name is given to it.
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
        lease.keep(GcRoot.blob(digest));
        store.content().put(index);
        return new Descriptor(MediaTypes.OCI_INDEX, digest, index.length);
    }

    /** The index that the name stands for, where it is in the store. */
    public Optional<Descriptor> of(Names.Name name) throws IOException {
        Optional<Descriptor> target = name.index();
        return target.isPresent() && read(target.get().digest()).isPresent() ? target : Optional.empty();
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

    /** The images of an index that are in the store, in its order, each with the manifest that the index names. */
    public List<Image> images(Index index) throws IOException {
        var images = new ArrayList<Image>();
        for (Descriptor entry : index.manifests()) {
            Optional<Digest> id = image(entry);
            Optional<Image> image =
                    id.isEmpty() ? Optional.empty() : store.images().get(id.get());
            if (image.isPresent()) {
                var manifest = new Descriptor(entry.mediaType(), entry.digest(), entry.size());
                images.add(image.get().withManifest(Optional.of(manifest)));
            }
        }
        return images;
    }

    /** The id of the image that an index's entry describes, where its manifest is in the store. */
    private Optional<Digest> image(Descriptor entry) throws IOException {
        Optional<Long> size = store.content().size(entry.digest());
        if (!MediaTypes.isManifest(entry.mediaType()) || size.isEmpty() || size.get() > ContentStore.MAX_DOCUMENT) {
            return Optional.empty();
        }
        try {
            Manifest manifest =
                    Manifest.parse(store.content().read(entry.digest()).toArray());
            return Optional.of(manifest.config().digest());
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /**
     * The images without a name that are in the store as another platform's variant of one that has a name: they are
     * listed and removed with that one.
     */
    public Set<Digest> nameless() throws IOException {
        List<Images.Summary> all = store.images().list();
        Set<Digest> candidates = all.stream()
                .filter(image -> image.names().isEmpty() && image.manifest().isPresent())
                .map(Images.Summary::id)
                .collect(Collectors.toCollection(HashSet::new));
        if (candidates.isEmpty()) {
            return Set.of();
        }
        Set<Digest> indexes = all.stream()
                .flatMap(image -> image.names().stream())
                .flatMap(name -> name.index().stream())
                .map(Descriptor::digest)
                .collect(Collectors.toSet());
        Set<Digest> ids = new HashSet<>();
        for (Digest digest : indexes) {
            Optional<Index> index = read(digest);
            for (Descriptor entry : index.map(Index::manifests).orElse(List.of())) {
                image(entry).ifPresent(ids::add);
            }
        }
        candidates.retainAll(ids);
        return candidates;
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
        var shown = new HashMap<Digest, Digest>();
        images.forEach(image -> image.layers()
                .forEach(layer -> layer.blob().ifPresent(blob -> shown.putIfAbsent(blob.digest(), layer.diffId()))));
        return shown;
    }
}
