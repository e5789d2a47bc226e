package org.layerbook.engine.registry;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.archive.ImageArchives;
import org.layerbook.engine.archive.ImagePacker;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.registry.protocol.RegistryException.Kind;
import org.layerbook.engine.registry.transfer.TransferEvent;
import org.layerbook.engine.registry.transfer.TransferListener;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/**
 * Packs images for a place without a network: as {@code docker save}, but every platform that an image is offered for, and
 * what the store does not have is fetched. Nothing is unpacked, and the store lists no more images than before. What an
 * interrupted bundle has fetched stays until the next collection, and is not asked for again.
 */
public final class ImageBundler {
    /** Indexes in indexes are rare, and nobody nests them deeper. */
    private static final int DEEPEST = 4;

    private final Store store;
    private final Snapshots snapshots;
    private final Registries registries;
    private final TransferListener listener;
    private final Cancellation cancellation;

    public ImageBundler(
            Store store,
            Snapshots snapshots,
            Registries registries,
            TransferListener listener,
            Cancellation cancellation) {
        this.store = store;
        this.snapshots = snapshots;
        this.registries = registries;
        this.listener = listener;
        this.cancellation = cancellation;
    }

    /**
     * @param name to be asked for where the image is not here, and under which it is in the bundle where it has a tag
     * @param image that is here
     */
    public record Wanted(Optional<Reference> name, Optional<Image> image) {}

    /** @param platforms that are in the bundle, sorted as the image's index has them */
    public record Packed(Wanted wanted, List<Platform> platforms) {
        public Packed {
            platforms = List.copyOf(platforms);
        }
    }

    /** Where the bundle goes; opened when everything is here, and closed. */
    @FunctionalInterface
    public interface Target {
        OutputStream open() throws IOException;
    }

    /**
     * Writes the bundle: one tar that is a docker archive and an OCI image layout. The same images give the same bytes.
     *
     * @param only this platform of each image
     */
    public List<Packed> write(List<Wanted> images, Optional<Platform> only, Target target) throws IOException {
        try (Lease lease = store.leases().operation("layerbook bundle")) {
            Map<Descriptor, Set<Reference>> documents = new LinkedHashMap<>();
            var packed = new ArrayList<Packed>();
            for (Wanted wanted : images) {
                Descriptor top = collect(wanted, only, lease);
                Set<Reference> names = documents.computeIfAbsent(top, one -> new LinkedHashSet<>());
                wanted.name().filter(name -> name.tag().isPresent()).ifPresent(names::add);
                packed.add(new Packed(wanted, platforms(top)));
            }
            try (OutputStream out = target.open()) {
                new ImageArchives(store, snapshots).write(documents, out);
            }
            return List.copyOf(packed);
        }
    }

    /** Brings all of it into the content store. */
    private Descriptor collect(Wanted wanted, Optional<Platform> only, Lease lease) throws IOException {
        Optional<Image> image = wanted.image();
        if (image.isEmpty()) {
            Reference name = wanted.name().orElseThrow();
            try {
                return complete(selected(document(name, lease), name, only), name, lease);
            } catch (RegistryException e) {
                throw new RegistryException(
                        e.kind(),
                        name.familiar() + " is not in the store and could not be fetched: " + e.getMessage(),
                        e);
            }
        }
        Optional<Names.Name> named = named(wanted);
        Descriptor manifest = new ImagePacker(store, snapshots)
                .pack(named.map(image.get()::under).orElse(image.get()), lease)
                .manifest()
                .orElseThrow();
        boolean suits = only.isEmpty() || only.get().runs(image.get().config().platform());
        Optional<Descriptor> index = named.isEmpty() ? Optional.empty() : new StoredIndexes(store).of(named.get());
        if (only.isPresent() && suits || index.isEmpty() && suits) {
            return manifest;
        }
        if (index.isEmpty()) {
            throw notFor(
                    wanted.name(),
                    only.orElseThrow(),
                    List.of(image.get().config().platform()));
        }
        lease.keep(GcRoot.blob(index.get().digest()));
        Reference source = source(named.get(), index.get().digest());
        try {
            return complete(selected(index.get(), source, only), source, lease);
        } catch (RegistryException e) {
            throw new RegistryException(
                    e.kind(),
                    wanted.name().map(Reference::familiar).orElse("the image")
                            + ": cannot fetch the other platforms of this multi-platform image"
                            + " (use `--platform "
                            + image.get().config().platform() + "` to pack only the stored one): " + e.getMessage(),
                    e);
        }
    }

    private Optional<Names.Name> named(Wanted wanted) throws IOException {
        Optional<Names.Name> named = wanted.name().isEmpty()
                ? Optional.empty()
                : store.names().get(wanted.name().get());
        return named.filter(name -> wanted.image().map(Image::id).equals(Optional.of(name.image())));
    }

    /** Where the index came from: the repository that it has a digest in, or else the name's own. */
    private Reference source(Names.Name named, Digest index) throws IOException {
        return store.names().of(named.image()).stream()
                .filter(name -> name.digest().equals(Optional.of(index)))
                .findFirst()
                .orElse(named.reference().repository().withDigest(index));
    }

    /** A manifest or index out of a registry, kept. */
    private Descriptor document(Reference name, Lease lease) throws IOException {
        Registry.Found found = registries.get().manifest(name, cancellation);
        lease.keep(GcRoot.blob(found.digest()));
        store.content().put(found.document().toArray());
        return new Descriptor(
                found.mediaType(), found.digest(), found.document().length());
    }

    private Descriptor selected(Descriptor document, Reference name, Optional<Platform> only) throws IOException {
        if (only.isEmpty() || !MediaTypes.isIndex(document.mediaType())) {
            return document;
        }
        Index index = Index.parse(store.content().read(document.digest()).toArray());
        List<Platform> there = index.images().stream()
                .flatMap(entry -> entry.platform().stream())
                .toList();
        return index.select(only.get()).orElseThrow(() -> notFor(Optional.of(name), only.get(), there));
    }

    private static RegistryException notFor(Optional<Reference> name, Platform wanted, List<Platform> there) {
        return new RegistryException(
                Kind.NOT_FOUND,
                name.map(Reference::familiar).orElse("the image") + " has no image for " + wanted + ", only for "
                        + String.join(
                                ", ",
                                there.stream()
                                        .map(Platform::toString)
                                        .distinct()
                                        .toList()));
    }

    /** Fetches what a document names and the store does not have. */
    private Descriptor complete(Descriptor document, Reference source, Lease lease) throws IOException {
        var blobs = new ArrayList<Descriptor>();
        addBlobs(document, source, lease, blobs, 0);
        blobs.forEach(blob -> listener.on(new TransferEvent.Changed(blob.digest(), TransferEvent.State.PENDING)));
        var missing = new ArrayList<Descriptor>();
        for (Descriptor blob : blobs) {
            lease.keep(GcRoot.blob(blob.digest()));
            if (store.content().claim(blob.digest(), blob.size())) {
                listener.on(new TransferEvent.Changed(blob.digest(), TransferEvent.State.EXISTS));
            } else {
                missing.add(blob);
                listener.on(new TransferEvent.Progress(blob.digest(), TransferEvent.State.PENDING, 0, blob.size()));
            }
        }
        if (!missing.isEmpty()) {
            registries.get().fetch(source, missing, listener, cancellation);
        }
        return document;
    }

    private void addBlobs(Descriptor document, Reference source, Lease lease, List<Descriptor> blobs, int depth)
            throws IOException {
        lease.keep(GcRoot.blob(document.digest()));
        if (!store.content().claim(document.digest(), document.size())) {
            document(source.repository().withDigest(document.digest()), lease);
        }
        byte[] bytes = store.content().read(document.digest()).toArray();
        if (MediaTypes.isIndex(document.mediaType()) && depth < DEEPEST) {
            for (Descriptor entry : Index.parse(bytes).manifests()) {
                addBlobs(entry, source, lease, blobs, depth + 1);
            }
        } else if (MediaTypes.isManifest(document.mediaType())) {
            Manifest manifest = Manifest.parse(bytes);
            blobs.add(manifest.config());
            manifest.layers().stream()
                    .filter(layer -> !MediaTypes.isForeign(layer.mediaType()))
                    .forEach(blobs::add);
        }
    }

    private List<Platform> platforms(Descriptor top) throws IOException {
        byte[] bytes = store.content().read(top.digest()).toArray();
        if (!MediaTypes.isIndex(top.mediaType())) {
            Digest config = Manifest.parse(bytes).config().digest();
            return List.of(
                    ImageConfig.parse(store.content().read(config).toArray()).platform());
        }
        return Index.parse(bytes).images().stream()
                .flatMap(entry -> entry.platform().stream())
                .toList();
    }
}
