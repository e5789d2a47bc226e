package org.layerbook.engine.registry;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.concurrent.Interruptible;
import org.layerbook.engine.http.HttpTransport;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.protocol.Credentials;
import org.layerbook.engine.registry.protocol.Endpoint;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.registry.protocol.RegistryException.Kind;
import org.layerbook.engine.registry.protocol.RegistryHttp;
import org.layerbook.engine.registry.protocol.RegistrySettings;
import org.layerbook.engine.registry.protocol.RemoteRepository;
import org.layerbook.engine.registry.protocol.RemoteRepository.Document;
import org.layerbook.engine.registry.transfer.TransferListener;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/**
 * Registries, as one user uses them: pull, push, login. Failures are {@link RegistryException}s and
 * {@link StoreException}s, a sentence each; a cancellation ends in an {@link InterruptedIOException} at once, and keeps
 * the layers that were finished. Thread-safe. Opening costs nothing: connections are made when they are needed.
 */
public final class Registry implements AutoCloseable {
    private final Store store;
    private final Snapshots snapshots;
    private final RegistrySettings settings;
    private final CredentialStore credentials;
    private final Map<String, String> environment;
    private final HttpTransport transport;

    /** @param environment the user's: proxies and certificates count */
    public Registry(
            Store store,
            Snapshots snapshots,
            RegistrySettings settings,
            CredentialStore credentials,
            Map<String, String> environment) {
        this.store = store;
        this.snapshots = snapshots;
        this.settings = settings;
        this.credentials = credentials;
        this.environment = Map.copyOf(environment);
        this.transport = new HttpTransport(environment, settings.insecure(), settings.retries());
    }

    public CredentialStore credentials() {
        return credentials;
    }

    /** As this one, but {@code host} may do without verified TLS. The caller closes it. */
    public Registry withInsecure(String host) {
        return new Registry(store, snapshots, settings.withInsecure(host), credentials, environment);
    }

    private RegistryHttp http(Endpoint endpoint) {
        return new RegistryHttp(endpoint, transport, credentials::get);
    }

    private interface Use<T> {
        T of(RemoteRepository repository) throws IOException;
    }

    /**
     * Asks the mirrors in order, then the registry itself. What that says counts; why the mirrors did not help is told
     * with it, but for those that simply do not have it.
     */
    private <T> T first(Reference reference, Use<T> use) throws IOException {
        List<Endpoint> endpoints = Endpoint.of(reference.domain(), settings);
        var mirrors = new StringBuilder();
        for (Endpoint endpoint : endpoints.subList(0, endpoints.size() - 1)) {
            try {
                return use.of(repository(endpoint, reference));
            } catch (RegistryException e) {
                if (e.kind() != Kind.NOT_FOUND) {
                    mirrors.append("; mirror ")
                            .append(endpoint.address())
                            .append(": ")
                            .append(e.getMessage());
                }
            }
        }
        try {
            return use.of(repository(endpoints.getLast(), reference));
        } catch (RegistryException e) {
            throw mirrors.isEmpty() ? e : new RegistryException(e.kind(), e.getMessage() + mirrors, e);
        }
    }

    private RemoteRepository repository(Endpoint endpoint, Reference reference) {
        return new RemoteRepository(http(endpoint), reference.path(), List.of());
    }

    /**
     * Pulls an image and gives it its name.
     *
     * @param platform where asked for; else this machine's
     */
    public PullResult pull(
            Reference reference, Optional<Platform> platform, TransferListener listener, Cancellation cancellation)
            throws IOException {
        Reference wanted = reference.tagged();
        return Interruptible.run("pull", cancellation, () -> {
            try (Lease lease = store.leases().operation("docker pull")) {
                return first(wanted, repository -> pull(repository, wanted, platform, listener, lease));
            } catch (IOException e) {
                throw StoreException.ofFullDisk(store.home(), e)
                        .map(IOException.class::cast)
                        .orElse(e);
            }
        });
    }

    private PullResult pull(
            RemoteRepository repository,
            Reference wanted,
            Optional<Platform> platform,
            TransferListener listener,
            Lease lease)
            throws IOException {
        Platform its = platform.orElseGet(Platform::host);
        Optional<PullResult> here = upToDate(repository, wanted, its, lease);
        if (here.isPresent()) {
            listener.resolved();
            return here.get();
        }
        RemoteImage remote = RemoteImage.find(repository, wanted, its, listener);
        try (var work = new ImagePull(store, snapshots, repository, settings.retries(), listener, lease)) {
            Image image = work.run(remote);
            if (platform.isPresent() && !fits(image, its)) {
                throw new RegistryException(
                        Kind.NOT_FOUND,
                        "image with reference " + wanted.familiar() + " was found but its platform ("
                                + image.config().platform() + ") does not match the specified platform (" + its + ")");
            }
            boolean known = store.images().contains(image.id());
            store.images().put(image);
            boolean named =
                    name(wanted, remote.digest(), image.id(), remote.top().descriptor());
            return new PullResult(image, wanted, remote.digest(), !known || named || work.anythingNew());
        }
    }

    /** The image that is here already, if the registry's tag still means it: one question, no manifest. */
    private Optional<PullResult> upToDate(RemoteRepository repository, Reference wanted, Platform platform, Lease lease)
            throws IOException {
        Optional<Digest> digest = wanted.digest();
        if (digest.isEmpty()) {
            String tag = wanted.tag().orElseThrow();
            if (store.names().get(wanted).isEmpty()) {
                return Optional.empty();
            }
            digest = repository.digestOf(tag);
        }
        if (digest.isEmpty()) {
            return Optional.empty();
        }
        Optional<Names.Name> name = store.names().get(wanted.repository().withDigest(digest.get()));
        if (name.isEmpty() || name.get().target().isEmpty()) {
            return Optional.empty();
        }
        Optional<Image> image = store.images().get(name.get().image());
        if (image.isEmpty() || !fits(image.get(), platform)) {
            return Optional.empty();
        }
        lease.keep(image.get());
        boolean changed =
                name(wanted, digest.get(), image.get().id(), name.get().target().get());
        return Optional.of(new PullResult(image.get(), wanted, digest.get(), changed));
    }

    private static boolean fits(Image image, Platform platform) {
        Platform its = image.config().platform().normalized();
        Platform wanted = platform.normalized();
        return its.os().equals(wanted.os())
                && its.architecture().equals(wanted.architecture())
                && (wanted.variant().isEmpty() || its.variant().isEmpty() || its.isSameMachine(wanted));
    }

    /** @return whether the tag meant something else before */
    private boolean name(Reference wanted, Digest digest, Digest image, Descriptor target) throws IOException {
        store.names().set(wanted.repository().withDigest(digest), image, Optional.of(target));
        if (wanted.digest().isPresent() || wanted.tag().isEmpty()) {
            return false;
        }
        Optional<Digest> before = store.names().set(wanted, image, Optional.of(target));
        return before.isEmpty() || !before.get().equals(image);
    }

    /** Every tag of a repository. */
    public List<String> tags(Reference repository, Cancellation cancellation) throws IOException {
        return Interruptible.run("tags", cancellation, () -> first(repository, RemoteRepository::tags));
    }

    /**
     * Pushes an image. What is built here is compressed the first time, and remembered.
     *
     * @param target with a tag
     */
    public PushResult push(Image image, Reference target, TransferListener listener, Cancellation cancellation)
            throws IOException {
        return pushing(cancellation, (pushes, lease) -> pushes.image(image, target, listener, lease));
    }

    /**
     * Pushes images of several platforms under one name: an index.
     *
     * @param images in the index's order
     * @param target with a tag
     */
    public PushResult pushIndex(
            List<Image> images, Reference target, TransferListener listener, Cancellation cancellation)
            throws IOException {
        return pushing(cancellation, (pushes, lease) -> pushes.index(images, target, listener, lease));
    }

    /**
     * Pushes a manifest or index of the content store byte for byte, with all that it names: also what is no image. What
     * of an index is not here has to be at the registry already. The caller's lease keeps it meanwhile. Where its subject
     * is not known to the registry's referrers API, it is listed under the subject's tag.
     *
     * @param images of it that are in the store, so that its layers can be told of
     * @param target with a tag, or without one to push by digest alone
     */
    public PushResult pushDocument(
            Descriptor document,
            List<Image> images,
            Reference target,
            TransferListener listener,
            Cancellation cancellation)
            throws IOException {
        return pushing(cancellation, (pushes, lease) -> pushes.document(document, images, target, listener, lease));
    }

    private interface Pushing {
        PushResult with(PushOperation pushes, Lease lease) throws IOException;
    }

    private PushResult pushing(Cancellation cancellation, Pushing pushing) throws IOException {
        return Interruptible.run("push", cancellation, () -> {
            try (Lease lease = store.leases().operation("docker push")) {
                return pushing.with(new PushOperation(store, snapshots, settings, this::toPush), lease);
            } catch (IOException e) {
                throw StoreException.ofFullDisk(store.home(), e)
                        .map(IOException.class::cast)
                        .orElse(e);
            }
        });
    }

    private RemoteRepository toPush(Reference target, List<String> mounts) {
        return new RemoteRepository(http(Endpoint.itself(target.domain(), settings)), target.path(), mounts);
    }

    /**
     * What refers to a manifest at the registry: signatures, SBOMs.
     *
     * @param subject with a digest
     * @param artifactType of those that are wanted; empty: all
     */
    public List<Descriptor> referrers(Reference subject, Optional<String> artifactType, Cancellation cancellation)
            throws IOException {
        Digest digest = subject.digest().orElseThrow();
        return Interruptible.run(
                "referrers",
                cancellation,
                () -> first(subject, repository -> new Referrers(repository).of(digest, artifactType)));
    }

    /**
     * Brings blobs of a repository into the content store, side by side; those that are there stay as they are. The
     * caller's lease keeps them.
     */
    public void fetch(
            Reference repository, List<Descriptor> blobs, TransferListener listener, Cancellation cancellation)
            throws IOException {
        Interruptible.run("fetch", cancellation, () -> {
            first(repository, its -> {
                new BlobFetch(its, store.content(), settings.retries(), listener).run(blobs);
                return null;
            });
            return null;
        });
    }

    /**
     * The manifest or index that a reference has, as the registry gives it.
     *
     * @param document its very bytes
     */
    public record Found(Bytes document, Digest digest, String mediaType) {}

    /** Asks for a manifest or index, verified, without keeping it. */
    public Found manifest(Reference reference, Cancellation cancellation) throws IOException {
        Reference wanted = reference.tagged();
        String name = wanted.digest().map(Digest::toString).or(wanted::tag).orElseThrow();
        return Interruptible.run("manifest", cancellation, () -> {
            Document document = first(wanted, repository -> repository.manifest(name));
            return new Found(document.bytes(), document.digest(), document.mediaType());
        });
    }

    /** A small document, such as an image's config, verified, without keeping it. */
    public Bytes document(Reference repository, Descriptor descriptor, Cancellation cancellation) throws IOException {
        return Interruptible.run("document", cancellation, () -> first(repository, its -> its.document(descriptor)));
    }

    /**
     * Tries the credentials at the registry; whoever wants them kept gives them to {@link #credentials}.
     *
     * @param host as in references: {@code docker.io}
     * @throws RegistryException when it does not take them, in docker's words
     */
    public void login(String host, Credentials given, Cancellation cancellation) throws IOException {
        Endpoint endpoint = Endpoint.itself(host, settings);
        Interruptible.run("login", cancellation, () -> {
            var http = new RegistryHttp(endpoint, transport, any -> Optional.of(given));
            try {
                new RemoteRepository(http, "", List.of()).check();
            } catch (RegistryException e) {
                throw e.kind() == RegistryException.Kind.UNAUTHORIZED ? refusedLogin(http, e) : e;
            }
            return null;
        });
    }

    private static RegistryException refusedLogin(RegistryHttp http, RegistryException refusal) throws IOException {
        String host = http.endpoint().host() + ": ";
        String why = refusal.getMessage().startsWith(host)
                ? refusal.getMessage().substring(host.length())
                : refusal.getMessage();
        String message = http.wantsPassword()
                ? "login attempt to " + http.base() + " failed with status: 401 Unauthorized"
                : "Get \"" + http.base() + "\": " + why;
        return new RegistryException(RegistryException.Kind.UNAUTHORIZED, message, refusal);
    }

    @Override
    public void close() {
        transport.close();
    }
}
