package org.layerbook.engine.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.layerbook.engine.http.Backoff;
import org.layerbook.engine.http.RetryPolicy;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.registry.protocol.RegistryException.Kind;
import org.layerbook.engine.registry.protocol.RemoteRepository;
import org.layerbook.engine.registry.protocol.RemoteRepository.Document;
import org.layerbook.engine.registry.protocol.Upload;
import org.layerbook.engine.registry.transfer.BlobJobs;
import org.layerbook.engine.registry.transfer.TransferEvent;
import org.layerbook.engine.registry.transfer.TransferEvent.State;
import org.layerbook.engine.registry.transfer.TransferListener;

/**
 * Sends a manifest or an index of the content store, with everything it names, to a registry: blobs side by side, then the
 * manifests from the inside out, so that nothing at the registry ever names what is not there.
 */
final class DocumentPush implements AutoCloseable {
    private static final int UPLOADS = 5;
    private static final int DEEPEST = 3;

    private final ContentStore content;
    private final RemoteRepository repository;
    private final RetryPolicy policy;
    private final Plan plan;
    private final TransferListener listener;
    private final BlobJobs uploads = new BlobJobs(UPLOADS, "push-", this::send);
    private final Map<Digest, Digest> shown = new ConcurrentHashMap<>();

    /**
     * @param mounts other repositories of the registry, by a blob that they have
     * @param foreign whether layers that are not meant to be given out are sent all the same
     */
    record Plan(Map<Digest, String> mounts, boolean foreign) {
        Plan {
            mounts = Map.copyOf(mounts);
        }
    }

    DocumentPush(
            ContentStore content,
            RemoteRepository repository,
            RetryPolicy policy,
            Plan plan,
            TransferListener listener) {
        this.content = content;
        this.repository = repository;
        this.policy = policy;
        this.plan = plan;
        this.listener = listener;
    }

    /** What is to be sent, each before what names it. */
    private record Tree(Map<Digest, Descriptor> blobs, Map<Digest, Document> documents) {}

    /** @param diffIds what blobs are called in events; of what has no name there nothing is told */
    void show(Map<Digest, Digest> diffIds) {
        diffIds.forEach(shown::putIfAbsent);
    }

    /**
     * Begins to send {@code blob} while others are not made yet.
     *
     * @throws IOException when one that was begun has failed
     */
    void ahead(Descriptor blob) throws IOException {
        uploads.check();
        uploads.add(blob);
    }

    /** @param name a tag, or the digest of {@code root} */
    Document run(Descriptor root, String name) throws IOException {
        var tree = new Tree(new LinkedHashMap<>(), new LinkedHashMap<>());
        Document top = collect(root, tree, 0).orElseThrow(() -> missing(root));
        tree.blobs.values().forEach(uploads::add);
        uploads.await();
        for (Document document : tree.documents.values()) {
            put(document, document == top ? name : document.digest().toString());
        }
        return top;
    }

    /** Empty when it is not here, but at the registry already. */
    private Optional<Document> collect(Descriptor descriptor, Tree tree, int depth) throws IOException {
        if (depth > DEEPEST) {
            throw new RegistryException(Kind.REFUSED, "cannot push: indexes are nested too deeply");
        }
        if (!content.contains(descriptor.digest())) {
            if (depth > 0 && repository.hasManifest(descriptor.digest())) {
                return Optional.empty();
            }
            throw missing(descriptor);
        }
        Bytes bytes = content.read(descriptor.digest());
        if (MediaTypes.isIndex(descriptor.mediaType())) {
            for (Descriptor entry : Index.parse(bytes.toArray()).manifests()) {
                boolean document = MediaTypes.isIndex(entry.mediaType()) || MediaTypes.isManifest(entry.mediaType());
                if (document) {
                    collect(entry, tree, depth + 1);
                } else {
                    // BuildKit's older cache exports list blobs here.
                    tree.blobs.putIfAbsent(entry.digest(), entry);
                }
            }
        } else {
            Manifest manifest = Manifest.parse(bytes.toArray());
            // Top first, as docker lists them.
            manifest.layers().reversed().forEach(layer -> tree.blobs.putIfAbsent(layer.digest(), layer));
            tree.blobs.putIfAbsent(manifest.config().digest(), manifest.config());
        }
        var document = new Document(bytes, descriptor.digest(), descriptor.mediaType());
        tree.documents.putIfAbsent(descriptor.digest(), document);
        return Optional.of(document);
    }

    private static RegistryException missing(Descriptor descriptor) {
        String platform = descriptor.platform().map(p -> " (" + p + ")").orElse("");
        return new RegistryException(
                Kind.NOT_FOUND,
                "the manifest " + descriptor.digest() + platform
                        + " of the index is neither in the store nor in the registry: fetch it with `docker pull --platform`, "
                        + "or push a single platform with `docker push --platform`");
    }

    private void put(Document document, String name) throws IOException {
        boolean known = repository.putManifest(name, document);
        Optional<Descriptor> subject = Referrers.subject(document);
        if (subject.isPresent() && !known) {
            new Referrers(repository).addToTag(subject.get().digest(), document);
        }
    }

    private void send(Descriptor blob) throws IOException {
        Digest digest = blob.digest();
        if (MediaTypes.isForeign(blob.mediaType()) && !plan.foreign) {
            changed(blob, State.SKIPPED);
            return;
        }
        if (repository.has(digest)) {
            changed(blob, State.EXISTS);
            return;
        }
        for (int attempt = 1; ; attempt++) {
            Optional<String> mount = attempt == 1 ? Optional.ofNullable(plan.mounts.get(digest)) : Optional.empty();
            Optional<URI> session = repository.uploads().begin(digest, mount);
            if (session.isEmpty()) {
                shown(blob)
                        .ifPresent(layer ->
                                listener.on(new TransferEvent.Mounted(layer, mount.orElse(repository.path()))));
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
                Backoff.pause(policy.delay(attempt + 1));
            }
        }
    }

    private void upload(Descriptor blob, URI session) throws IOException {
        changed(blob, State.UPLOADING);
        var upload = new Upload(
                content.path(blob.digest()),
                blob.size(),
                sent -> shown(blob)
                        .ifPresent(layer ->
                                listener.on(new TransferEvent.Progress(layer, State.UPLOADING, sent, blob.size()))));
        repository.uploads().send(session, blob.digest(), upload);
    }

    private Optional<Digest> shown(Descriptor blob) {
        return Optional.ofNullable(shown.get(blob.digest()));
    }

    private void changed(Descriptor blob, State state) {
        shown(blob).ifPresent(layer -> listener.on(new TransferEvent.Changed(layer, state)));
    }

    /** Ends what is under way. */
    @Override
    public void close() {
        uploads.close();
    }
}
