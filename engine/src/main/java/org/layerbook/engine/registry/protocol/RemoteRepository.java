package org.layerbook.engine.registry.protocol;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.http.Response;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.registry.protocol.RegistryException.Kind;
import org.layerbook.engine.registry.protocol.RegistryHttp.Call;

/**
 * Reads from and writes to one repository at one endpoint, by the OCI distribution specification. Verifies the digests of
 * manifests; blobs are verified by their reader. Thread-safe.
 */
public final class RemoteRepository {
    private static final String ACCEPT = String.join(
            ", ",
            MediaTypes.OCI_INDEX,
            MediaTypes.DOCKER_MANIFEST_LIST,
            MediaTypes.OCI_MANIFEST,
            MediaTypes.DOCKER_MANIFEST);
    private static final int MOST_TAGS_PAGE = 4 * 1024 * 1024;
    private static final int MOST_PAGES = 10_000;

    private final RegistryHttp http;
    private final String path;
    private final List<String> pull;
    private final List<String> push;
    private final RepositoryErrors errors;

    /** @param mounts other repositories of this registry that blobs may be mounted from */
    public RemoteRepository(RegistryHttp http, String path, List<String> mounts) {
        this.http = http;
        this.path = path;
        this.pull = List.of("repository:" + path + ":pull");
        var scopes = new ArrayList<String>();
        scopes.add("repository:" + path + ":pull,push");
        mounts.forEach(other -> scopes.add("repository:" + other + ":pull"));
        this.push = List.copyOf(scopes);
        this.errors = new RepositoryErrors(http.endpoint().host(), path);
    }

    /** A manifest or index as it came. */
    public record Document(Bytes bytes, Digest digest, String mediaType) {
        /** As the content store has it. */
        public Descriptor descriptor() {
            return new Descriptor(mediaType, bytes.digest(), bytes.length());
        }
    }

    public Endpoint endpoint() {
        return http.endpoint();
    }

    public String path() {
        return path;
    }

    private URI uri(String rest) throws IOException {
        return http.base().resolve(path + "/" + rest);
    }

    /** The digest that a tag has now; absent when the registry does not say it. */
    public Optional<Digest> digestOf(String tag) throws IOException {
        try (Response answer =
                http.send(Call.of("HEAD", uri("manifests/" + tag), pull).header("Accept", ACCEPT))) {
            if (answer.isSuccess()) {
                return Responses.digest(answer);
            }
            if (answer.status() == 404) {
                throw errors.notFound(tag, answer);
            }
            return Optional.empty();
        }
    }

    /** @param reference a tag, or a digest, which is held against what comes */
    public Document manifest(String reference) throws IOException {
        Call call = Call.of("GET", uri("manifests/" + reference), pull).header("Accept", ACCEPT);
        return http.read(call, answer -> {
            if (!answer.isSuccess()) {
                throw errors.notFound(reference, answer);
            }
            Bytes bytes = Bytes.of(Responses.bytes(answer, ContentStore.MAX_DOCUMENT, "the manifest " + reference));
            Optional<Digest> expected =
                    reference.contains(":") ? Optional.of(Digest.parse(reference)) : Responses.digest(answer);
            Digest found = Digests.of(bytes, expected.map(Digest::algorithm).orElse("sha256"));
            if (expected.isPresent() && !expected.get().equals(found)) {
                throw new RegistryException(
                        Kind.REFUSED,
                        "the manifest " + reference + " from " + endpoint().host() + ": digest mismatch: got " + found
                                + ", expected " + expected.get());
            }
            return new Document(bytes, found, mediaType(answer, bytes));
        });
    }

    private static String mediaType(Response answer, Bytes bytes) throws IOException {
        Json json = Json.parse(bytes.toArray(), "manifest");
        Optional<String> own = json.string("mediaType");
        if (own.isPresent()) {
            return own.get();
        }
        if (json.get("manifests").isPresent()) {
            return MediaTypes.OCI_INDEX;
        }
        return answer.header("Content-Type")
                .map(type -> type.split(";", 2)[0].strip())
                .filter(MediaTypes::isManifest)
                .orElse(MediaTypes.OCI_MANIFEST);
    }

    /** A small blob whole, verified. */
    public Bytes document(Descriptor descriptor) throws IOException {
        try (Response answer = blob(descriptor.digest(), 0)) {
            Bytes bytes =
                    Bytes.of(Responses.bytes(answer, ContentStore.MAX_DOCUMENT, "the blob " + descriptor.digest()));
            Digest found = Digests.of(bytes, descriptor.digest().algorithm());
            if (!found.equals(descriptor.digest())) {
                throw new RegistryException(
                        Kind.REFUSED,
                        "the blob " + descriptor.digest() + " from "
                                + endpoint().host() + ": digest mismatch: got " + found);
            }
            return bytes;
        }
    }

    /** Begins reading a blob at {@code offset}. The answer may be 200 all the same: then it begins at the beginning. */
    public Response blob(Digest digest, long offset) throws IOException {
        return blob(uri("blobs/" + digest), digest, offset);
    }

    /** As above; a layer that no registry may give out, from the other places that its descriptor names. */
    public Response blob(Descriptor blob, long offset) throws IOException {
        RegistryException refusal;
        try {
            return blob(blob.digest(), offset);
        } catch (RegistryException e) {
            if (e.kind() != Kind.NOT_FOUND || blob.urls().isEmpty()) {
                throw e;
            }
            refusal = e;
        }
        for (String url : blob.urls()) {
            try {
                return blob(ForeignUrls.checked(url, http.base()), blob.digest(), offset);
            } catch (RegistryException e) {
                refusal = e;
            }
        }
        throw refusal;
    }

    private Response blob(URI uri, Digest digest, long offset) throws IOException {
        Call call = Call.of("GET", uri, pull);
        Response answer = http.send(offset > 0 ? call.header("Range", "bytes=" + offset + "-") : call);
        if (answer.isSuccess()) {
            return answer;
        }
        try (answer) {
            String reason = Responses.reason(answer);
            if (answer.status() == 404) {
                throw new RegistryException(
                        Kind.NOT_FOUND,
                        uri.getAuthority() + " does not have the blob " + digest + ", which its manifest lists");
            }
            throw errors.unexpected("the blob " + digest, answer.status(), reason);
        }
    }

    /** Checks that the registry accepts the credentials. */
    public void check() throws IOException {
        try (Response answer = http.send(Call.of("GET", http.base(), List.of()))) {
            if (!answer.isSuccess() && answer.status() != 404) {
                throw errors.unexpected("the login", answer.status(), Responses.reason(answer));
            }
        }
    }

    /** Returns every tag, in the registry's order. */
    public List<String> tags() throws IOException {
        return pages(
                uri("tags/list"),
                "application/json",
                "",
                page -> Json.parse(Responses.bytes(page, MOST_TAGS_PAGE, "the list of tags"), "list of tags")
                        .strings("tags"));
    }

    /** Returns what sends blobs to this repository. */
    public BlobUploads uploads() {
        return new BlobUploads(http, path, push, errors);
    }

    /** Whether the registry has the blob already. */
    public boolean has(Digest digest) throws IOException {
        try (Response answer = http.send(Call.of("HEAD", uri("blobs/" + digest), push))) {
            if (answer.status() == 403) {
                throw errors.pushDenied(answer);
            }
            return answer.isSuccess();
        }
    }

    /** Whether the registry has the manifest already. */
    public boolean hasManifest(Digest digest) throws IOException {
        try (Response answer =
                http.send(Call.of("HEAD", uri("manifests/" + digest), push).header("Accept", ACCEPT))) {
            return answer.isSuccess();
        }
    }

    /**
     * Returns the manifests that refer to {@code subject}, or nothing if the registry does not have the referrers API (HTTP
     * status 404).
     *
     * @param artifactType which manifests to return; all if absent
     */
    public Optional<List<Descriptor>> referrers(Digest subject, Optional<String> artifactType) throws IOException {
        String filter = artifactType
                .map(type -> "?artifactType=" + URLEncoder.encode(type, StandardCharsets.UTF_8))
                .orElse("");
        try {
            return Optional.of(pages(
                    uri("referrers/" + subject + filter),
                    MediaTypes.OCI_INDEX,
                    subject.toString(),
                    page -> Index.parse(Responses.bytes(page, ContentStore.MAX_DOCUMENT, "the list of referrers"))
                            .manifests()));
        } catch (RegistryException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Reads a list that the registry returns in pages. */
    private <T> List<T> pages(URI first, String accept, String reference, RegistryHttp.Reading<List<T>> reading)
            throws IOException {
        var all = new ArrayList<T>();
        URI next = first;
        for (int page = 0; page < MOST_PAGES; page++) {
            try (Response answer = http.send(Call.of("GET", next, pull).header("Accept", accept))) {
                if (!answer.isSuccess()) {
                    throw errors.notFound(reference, answer);
                }
                all.addAll(reading.read(answer));
                Optional<URI> more = nextPage(next, answer);
                if (more.isEmpty()) {
                    break;
                }
                next = more.get();
            }
        }
        return all;
    }

    /** Returns the URL of the next page, from the {@code Link} header (RFC 8288). */
    private static Optional<URI> nextPage(URI from, Response answer) throws IOException {
        Optional<String> link = answer.header("Link").filter(l -> l.contains("rel=\"next\""));
        if (link.isEmpty() || !link.get().matches("(?s)<[^>]+>.*")) {
            return Optional.empty();
        }
        return Optional.of(
                RegistryHttp.resolve(from, link.get().substring(1, link.get().indexOf('>'))));
    }

    /**
     * Stores a manifest under a tag or its digest.
     *
     * @return whether the registry has taken note of the manifest's subject, where it has one
     */
    public boolean putManifest(String reference, Document manifest) throws IOException {
        Call call = Call.of("PUT", uri("manifests/" + reference), push)
                .header("Content-Type", manifest.mediaType())
                .body(() -> BodyPublishers.ofByteArray(manifest.bytes().toArray()), () -> 0);
        try (Response answer = http.send(call)) {
            if (!answer.isSuccess()) {
                throw errors.pushDenied(answer);
            }
            Optional<Digest> kept = Responses.digest(answer);
            if (kept.isPresent() && !kept.get().equals(manifest.digest())) {
                throw new RegistryException(
                        Kind.REFUSED,
                        endpoint().host() + " stored the manifest as " + kept.get() + ", not as " + manifest.digest());
            }
            return answer.header("OCI-Subject").isPresent();
        }
    }
}
