package org.layerbook.engine.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.http.RetryPolicy;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.registry.protocol.RegistryException.Kind;
import org.layerbook.engine.registry.protocol.RemoteRepository;
import org.layerbook.engine.registry.transfer.ReadAhead;
import org.layerbook.engine.registry.transfer.TransferEvent;
import org.layerbook.engine.registry.transfer.TransferEvent.State;
import org.layerbook.engine.registry.transfer.TransferListener;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/**
 * Brings one image of a registry into the store. Its layers download side by side; each is unpacked, bottom first, while
 * it comes. A blob is visible when its digest is right, a layer's tree when its diff ID is: what an interrupted pull has
 * finished stays.
 */
final class ImagePull implements AutoCloseable {
    private static final int DOWNLOADS = 3;
    private static final int TRIES = 2;

    private final Store store;
    private final Snapshots snapshots;
    private final RemoteRepository repository;
    private final RetryPolicy policy;
    private final TransferListener listener;
    private final Lease lease;
    private final ExecutorService downloads;
    private final Map<Digest, BlobDownload> underWay = new HashMap<>();
    private boolean anythingNew;

    ImagePull(
            Store store,
            Snapshots snapshots,
            RemoteRepository repository,
            RetryPolicy policy,
            TransferListener listener,
            Lease lease) {
        this.store = store;
        this.snapshots = snapshots;
        this.repository = repository;
        this.policy = policy;
        this.listener = listener;
        this.lease = lease;
        this.downloads = Executors.newFixedThreadPool(
                DOWNLOADS, Thread.ofPlatform().daemon().name("pull-", 0).factory());
    }

    /** Whether a layer had to be fetched or unpacked. */
    boolean anythingNew() {
        return anythingNew;
    }

    /** The image, not yet listed in the store; the lease keeps it. */
    Image run(RemoteImage remote) throws IOException {
        List<Descriptor> blobs = remote.manifest().layers();
        Bytes configBytes = config(remote.manifest().config());
        ImageConfig config = ImageConfig.parse(configBytes.toArray());
        check(config, blobs);
        var plans = new ArrayList<Plan>();
        Optional<Digest> parent = Optional.empty();
        for (int i = 0; i < blobs.size(); i++) {
            Plan plan = plan(parent, config.diffIds().get(i), blobs.get(i));
            plans.add(plan);
            parent = Optional.of(plan.chainId);
        }
        // As docker: of an image that is here under another name, no layer is told of.
        boolean allHere =
                store.images().contains(configBytes.digest()) && plans.stream().allMatch(Plan::isComplete);
        for (Plan plan : allHere ? List.<Plan>of() : plans) {
            listener.on(
                    new TransferEvent.Changed(plan.blob.digest(), plan.isComplete() ? State.EXISTS : State.PENDING));
            if (!plan.hasBlob) {
                // So that what there is to fetch is known from the beginning.
                listener.on(new TransferEvent.Progress(plan.blob.digest(), State.PENDING, 0, plan.blob.size()));
            }
        }
        plans.stream()
                .filter(plan -> !plan.hasBlob)
                .skip(DOWNLOADS)
                .forEach(plan -> listener.on(new TransferEvent.Changed(plan.blob.digest(), State.WAITING)));
        for (Plan plan : plans) {
            if (!plan.hasBlob) {
                download(plan.blob);
            }
        }
        var layers = new ArrayList<Layer>();
        for (Plan plan : plans) {
            layers.add(plan.isComplete() ? plan.layer() : layer(plan));
        }
        // The index stays as long as a name stands for it.
        for (RemoteRepository.Document document : List.of(remote.document(), remote.top())) {
            lease.keep(GcRoot.blob(document.bytes().digest()));
            store.content().put(document.bytes().toArray());
        }
        return new Image(
                configBytes, config, layers, Optional.of(remote.document().descriptor()));
    }

    private Bytes config(Descriptor wanted) throws IOException {
        lease.keep(GcRoot.blob(wanted.digest()));
        if (store.content().contains(wanted.digest())) {
            return store.content().read(wanted.digest());
        }
        if (wanted.size() > ContentStore.MAX_DOCUMENT) {
            throw new RegistryException(Kind.REFUSED, "the image config is too large: " + wanted.size() + " bytes");
        }
        try (var download = new BlobDownload(repository, wanted, store.content(), policy, come -> {})) {
            download.run();
        }
        return store.content().read(wanted.digest());
    }

    private static void check(ImageConfig config, List<Descriptor> blobs) throws IOException {
        if (!config.platform().os().equals("linux")) {
            throw new RegistryException(
                    Kind.REFUSED,
                    "the image's operating system is " + config.platform().os() + ", not linux");
        }
        if (config.diffIds().size() != blobs.size()) {
            throw new RegistryException(
                    Kind.REFUSED,
                    "invalid image: its config has " + config.diffIds().size() + " diff IDs, but its manifest has "
                            + blobs.size() + " layers");
        }
    }

    /** @param known the layer, where its tree is here already */
    private record Plan(
            Optional<Digest> parent,
            Digest diffId,
            Digest chainId,
            Descriptor blob,
            Optional<Layer> known,
            boolean hasBlob,
            boolean blobIsKnownToFit) {
        boolean isComplete() {
            return known.isPresent() && hasBlob && blobIsKnownToFit;
        }

        Layer layer() {
            return withBlob(known.orElseThrow());
        }

        Layer withBlob(Layer layer) {
            return layer.withBlob(blob);
        }
    }

    private Plan plan(Optional<Digest> parent, Digest diffId, Descriptor blob) throws IOException {
        Digest chainId = Layer.chain(parent, diffId);
        lease.keep(List.of(GcRoot.chain(chainId), GcRoot.blob(blob.digest())));
        boolean fits = store.layerBlobs()
                .find(diffId)
                .filter(known -> known.digest().equals(blob.digest()))
                .isPresent();
        return new Plan(
                parent,
                diffId,
                chainId,
                blob,
                snapshots.layer(chainId),
                store.content().contains(blob.digest()),
                fits);
    }

    private void download(Descriptor blob) throws IOException {
        if (underWay.containsKey(blob.digest())) {
            return;
        }
        anythingNew = true;
        Digest digest = blob.digest();
        var download = new BlobDownload(
                repository,
                blob,
                store.content(),
                policy,
                come -> listener.on(new TransferEvent.Progress(digest, State.DOWNLOADING, come, blob.size())));
        underWay.put(digest, download);
        downloads.execute(() -> {
            listener.on(new TransferEvent.Changed(digest, State.DOWNLOADING));
            try {
                download.run();
                listener.on(new TransferEvent.Changed(digest, State.DOWNLOADED));
            } catch (IOException e) {
                // It has reached those who wait for the blob.
            }
        });
    }

    private Layer layer(Plan plan) throws IOException {
        anythingNew = true;
        for (int attempt = 1; ; attempt++) {
            try {
                Layer layer = unpack(plan);
                store.layerBlobs().remember(plan.diffId, plan.blob);
                listener.on(new TransferEvent.Changed(plan.blob.digest(), State.PULLED));
                return layer;
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                IOException verdict = verdict(plan, e);
                boolean again = verdict instanceof RegistryException refused && refused.kind() == Kind.REFUSED;
                if (!again || attempt == TRIES || !underWay.containsKey(plan.blob.digest())) {
                    throw verdict;
                }
                underWay.remove(plan.blob.digest()).close();
                download(plan.blob);
            }
        }
    }

    /** What was really wrong when unpacking failed: the download, where that failed too. */
    private IOException verdict(Plan plan, IOException unpacking) throws InterruptedIOException {
        BlobDownload download = underWay.get(plan.blob.digest());
        if (download != null) {
            try {
                download.await();
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                return e;
            }
        }
        if (unpacking instanceof RegistryException) {
            return unpacking;
        }
        return new IOException(
                "cannot unpack the layer " + plan.blob.digest() + ": " + unpacking.getMessage(), unpacking);
    }

    private Layer unpack(Plan plan) throws IOException {
        BlobDownload download = underWay.get(plan.blob.digest());
        try (InputStream raw = download == null ? store.content().open(plan.blob.digest()) : download.open();
                InputStream tar = new ReadAhead(Compression.decompressed(raw, snapshots.limits()))) {
            listener.on(new TransferEvent.Changed(plan.blob.digest(), State.UNPACKING));
            Layer layer;
            if (plan.known.isEmpty()) {
                layer = snapshots.unpack(plan.parent, plan.diffId, tar);
            } else {
                compare(plan, tar);
                layer = plan.known.get();
            }
            // A blob may go on behind the end of what it is compressed as.
            if (download != null) {
                download.await();
            }
            return plan.withBlob(layer);
        }
    }

    private static void compare(Plan plan, InputStream tar) throws IOException {
        MessageDigest hash = Digest.newSha256();
        tar.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), hash));
        Digest found = Digest.of(hash.digest());
        if (!found.equals(plan.diffId)) {
            throw new IOException("layer digest mismatch: got " + found + ", expected " + plan.diffId);
        }
    }

    /** Ends what still downloads, and removes what came of it. */
    @Override
    public void close() throws IOException {
        downloads.shutdownNow();
        boolean interrupted = false;
        while (true) {
            try {
                if (downloads.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        for (BlobDownload download : underWay.values()) {
            download.close();
        }
    }
}
