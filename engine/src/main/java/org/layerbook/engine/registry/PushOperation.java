package org.layerbook.engine.registry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.archive.ImagePacker;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.protocol.RegistrySettings;
import org.layerbook.engine.registry.protocol.RemoteRepository;
import org.layerbook.engine.registry.protocol.RemoteRepository.Document;
import org.layerbook.engine.registry.transfer.TransferEvent;
import org.layerbook.engine.registry.transfer.TransferListener;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/** What is done in the store before and after a push. */
final class PushOperation {
    private final Store store;
    private final Snapshots snapshots;
    private final RegistrySettings settings;
    private final Connections connections;

    /** Opens a repository for pushing; {@code mounts} are the other repositories that blobs may come from. */
    @FunctionalInterface
    interface Connections {
        RemoteRepository to(Reference target, List<String> mounts) throws IOException;
    }

    PushOperation(Store store, Snapshots snapshots, RegistrySettings settings, Connections connections) {
        this.store = store;
        this.snapshots = snapshots;
        this.settings = settings;
        this.connections = connections;
    }

    PushResult image(Image image, Reference target, TransferListener listener, Lease lease) throws IOException {
        lease.keep(image);
        preparing(List.of(image), listener);
        var packer = new ImagePacker(store, snapshots);
        boolean named = packer.hasManifest(image);
        try (DocumentPush push = to(target, List.of(store.layerBlobs().withBlobs(image)), listener)) {
            Image packed = packer.pack(image, lease, (layer, blob) -> {
                push.show(Map.of(blob.digest(), layer.diffId()));
                // A layer is on its way while the next one is compressed; of one that is named already, only what it
                // names.
                if (!named) {
                    push.ahead(blob);
                }
            });
            return send(push, packed.manifest().orElseThrow(), List.of(packed), target);
        }
    }

    PushResult index(List<Image> images, Reference target, TransferListener listener, Lease lease) throws IOException {
        for (Image image : images) {
            lease.keep(image);
        }
        preparing(images, listener);
        Descriptor index = new StoredIndexes(store).write(images, snapshots, lease);
        var packed = new ArrayList<Image>();
        for (Image image : images) {
            packed.add(new ImagePacker(store, snapshots).pack(image, lease));
        }
        try (DocumentPush push = to(target, packed, listener)) {
            return send(push, index, packed, target);
        }
    }

    PushResult document(
            Descriptor document, List<Image> images, Reference target, TransferListener listener, Lease lease)
            throws IOException {
        for (Image image : images) {
            lease.keep(image);
        }
        preparing(images, listener);
        try (DocumentPush push = to(target, images, listener)) {
            return send(push, document, images, target);
        }
    }

    /** The top layer first, as docker lists them. */
    private static void preparing(List<Image> images, TransferListener listener) {
        for (Image image : images) {
            for (Layer layer : image.layers().reversed()) {
                listener.on(new TransferEvent.Changed(layer.diffId(), TransferEvent.State.COMPRESSING));
            }
        }
    }

    private DocumentPush to(Reference target, List<Image> images, TransferListener listener) throws IOException {
        Map<Digest, String> mounts = MountSources.of(store, images, target);
        RemoteRepository repository = connections.to(
                target, mounts.values().stream().distinct().sorted().toList());
        var plan = new DocumentPush.Plan(mounts, settings.foreign().contains(target.domain()));
        return new DocumentPush(store.content(), repository, settings.retries(), plan, listener);
    }

    private PushResult send(DocumentPush push, Descriptor document, List<Image> images, Reference target)
            throws IOException {
        push.show(shown(images));
        Document sent = push.run(document, target.tag().orElse(document.digest().toString()));
        Optional<Image> named = images.stream()
                .filter(image -> image.config()
                        .platform()
                        .normalized()
                        .equals(Platform.host().normalized()))
                .findFirst()
                .or(() -> images.stream().findFirst());
        if (named.isPresent() && store.images().contains(named.get().id())) {
            store.names()
                    .set(
                            target.repository().withDigest(sent.digest()),
                            named.get().id(),
                            Optional.of(sent.descriptor()));
        }
        return new PushResult(target, sent.digest(), sent.descriptor());
    }

    /** By the manifests' own descriptors, as those are what is sent; diff IDs only name them to the user. */
    private Map<Digest, Digest> shown(List<Image> images) throws IOException {
        Map<Digest, Digest> shown = new HashMap<>(StoredIndexes.shown(images));
        for (Image image : images) {
            Optional<Descriptor> described = image.manifest();
            if (described.isPresent()) {
                Manifest manifest = Manifest.parse(
                        store.content().read(described.get().digest()).toArray());
                for (int i = 0;
                        i < Math.min(manifest.layers().size(), image.layers().size());
                        i++) {
                    shown.putIfAbsent(
                            manifest.layers().get(i).digest(),
                            image.layers().get(i).diffId());
                }
            }
        }
        return shown;
    }
}
