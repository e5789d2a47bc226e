package org.layerbook.engine.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.registry.RegistryException.Kind;
import org.layerbook.engine.registry.RemoteRepository.Document;
import org.layerbook.engine.registry.TransferEvent.State;
import org.layerbook.engine.store.Bytes;
import org.layerbook.engine.store.ContentStore;
import org.layerbook.engine.store.Image;
import org.layerbook.engine.store.Layer;

/** Sends one image, which has its blobs and its manifest, to a registry: blobs side by side, the manifest when all are there. */
final class ImagePush {
    private static final int UPLOADS = 4;

    private final ContentStore content;
    private final RemoteRepository repository;
    private final RetryPolicy policy;
    private final Map<Digest, String> mounts;
    private final TransferListener listener;

    /** @param mounts other repositories of the registry, by a blob that they have */
    ImagePush(
            ContentStore content,
            RemoteRepository repository,
            RetryPolicy policy,
            Map<Digest, String> mounts,
            TransferListener listener) {
        this.content = content;
        this.repository = repository;
        this.policy = policy;
        this.mounts = Map.copyOf(mounts);
        this.listener = listener;
    }

    Document run(Image image, String tag) throws IOException {
        Descriptor described = image.manifest().orElseThrow();
        Bytes bytes = content.read(described.digest());
        Manifest manifest = Manifest.parse(bytes.toArray());
        // The manifest's own descriptors, as those are what the registry looks for; diff IDs only name them to the
        // person.
        Map<Digest, Blob> blobs = new LinkedHashMap<>();
        for (int i = 0; i < manifest.layers().size(); i++) {
            Descriptor layer = manifest.layers().get(i);
            Layer ours = image.layers().get(i);
            blobs.putIfAbsent(layer.digest(), new Blob(layer, Optional.of(ours.diffId())));
        }
        blobs.putIfAbsent(manifest.config().digest(), new Blob(manifest.config(), Optional.empty()));
        // One request before the others, so that one login serves all.
        sendAll(List.copyOf(blobs.values()));
        var document = new Document(bytes, bytes.digest(), described.mediaType());
        repository.putManifest(tag, document);
        return document;
    }

    /** @param shown the diff ID of a layer; absent for the config, which nobody needs to see */
    private record Blob(Descriptor descriptor, Optional<Digest> shown) {}

    private void sendAll(List<Blob> blobs) throws IOException {
        ExecutorService uploads = Executors.newFixedThreadPool(
                UPLOADS, Thread.ofPlatform().daemon().name("push-", 0).factory());
        try {
            var sent = new ArrayList<Future<?>>();
            for (Blob blob : blobs) {
                sent.add(uploads.submit(() -> {
                    send(blob);
                    return null;
                }));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            uploads.shutdownNow();
        }
    }

    private void send(Blob blob) throws IOException {
        Digest digest = blob.descriptor.digest();
        if (repository.has(digest)) {
            changed(blob, State.EXISTS);
            return;
        }
        for (int attempt = 1; ; attempt++) {
            Optional<String> mount = attempt == 1 ? Optional.ofNullable(mounts.get(digest)) : Optional.empty();
            Optional<URI> session = repository.beginUpload(digest, mount);
            if (session.isEmpty()) {
                blob.shown.ifPresent(
                        layer -> listener.on(new TransferEvent.Mounted(layer, mount.orElse(repository.path()))));
                return;
            }
            try {
                upload(blob, session.get());
                changed(blob, State.PUSHED);
                return;
            } catch (InterruptedIOException e) {
                throw e;
            } catch (RegistryException e) {
                // What was sent may have arrived all the same.
                if (repository.has(digest)) {
                    changed(blob, State.PUSHED);
                    return;
                }
                if (e.kind() != Kind.UNREACHABLE || attempt >= policy.attempts()) {
                    throw e;
                }
                Waits.pause(policy.delay(attempt + 1));
            }
        }
    }

    private void upload(Blob blob, URI session) throws IOException {
        Descriptor descriptor = blob.descriptor;
        changed(blob, State.UPLOADING);
        var upload = new Upload(
                content.path(descriptor.digest()),
                descriptor.size(),
                sent -> blob.shown.ifPresent(layer ->
                        listener.on(new TransferEvent.Progress(layer, State.UPLOADING, sent, descriptor.size()))));
        repository.upload(session, descriptor.digest(), upload);
    }

    private void changed(Blob blob, State state) {
        blob.shown.ifPresent(layer -> listener.on(new TransferEvent.Changed(layer, state)));
    }
}
