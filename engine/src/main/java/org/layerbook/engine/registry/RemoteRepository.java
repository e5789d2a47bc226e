package org.layerbook.engine.registry;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.layerbook.engine.http.Response;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.registry.RegistryException.Kind;
import org.layerbook.engine.registry.RegistryHttp.Call;

/**
 * One repository at one endpoint, by the OCI distribution specification. What it gives out of manifests is verified;
 * blobs are verified by {@link BlobDownload}. Thread-safe.
 */
final class RemoteRepository {
    private static final String ACCEPT = String.join(
            ", ",
            MediaTypes.OCI_INDEX,
            MediaTypes.DOCKER_MANIFEST_LIST,
            MediaTypes.OCI_MANIFEST,
            MediaTypes.DOCKER_MANIFEST);
    private static final int MOST_TAGS_PAGE = 4 * 1024 * 1024;
    /** Of an upload in pieces; bytes. Proxies that limit requests take a few MiB. */
    private static final long PIECE = 4 << 20;

    private static final int MOST_PAGES = 10_000;

    private final RegistryHttp http;
    private final String path;
    private final List<String> pull;
    private final List<String> push;

    /** @param mounts other repositories of this registry that blobs may be mounted from */
    RemoteRepository(RegistryHttp http, String path, List<String> mounts) {
        this.http = http;
        this.path = path;
        this.pull = List.of("repository:" + path + ":pull");
        var scopes = new ArrayList<String>();
        scopes.add("repository:" + path + ":pull,push");
        mounts.forEach(other -> scopes.add("repository:" + other + ":pull"));
        this.push = List.copyOf(scopes);
    }

    /** A manifest or index as it came. */
    record Document(Bytes bytes, Digest digest, String mediaType) {
        /** As the content store has it. */
        Descriptor descriptor() {
            return new Descriptor(mediaType, bytes.digest(), bytes.length());
        }
    }

    Endpoint endpoint() {
        return http.endpoint();
    }

    String path() {
        return path;
    }

    private URI uri(String rest) throws IOException {
        return http.base().resolve(path + "/" + rest);
    }

    /** The digest that a tag has now; absent when the registry does not say it. */
    Optional<Digest> digestOf(String tag) throws IOException {
        try (Response answer =
                http.send(Call.of("HEAD", uri("manifests/" + tag), pull).header("Accept", ACCEPT))) {
            if (answer.isSuccess()) {
                return Responses.digest(answer);
            }
            if (answer.status() == 404) {
                throw notFound(tag, answer);
            }
            return Optional.empty();
        }
    }

    /** @param reference a tag, or a digest, which is held against what comes */
    Document manifest(String reference) throws IOException {
        Call call = Call.of("GET", uri("manifests/" + reference), pull).header("Accept", ACCEPT);
        return http.read(call, answer -> {
            if (!answer.isSuccess()) {
                throw notFound(reference, answer);
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

    private RegistryException notFound(String reference, Response answer) throws IOException {
        String reason = Responses.reason(answer);
        return switch (answer.status()) {
            case 404 ->
                new RegistryException(
                        Kind.NOT_FOUND,
                        reason.startsWith("name unknown")
                                ? denied(reason)
                                : "manifest for " + shown(reference) + " not found: "
                                        + (reason.isEmpty() ? "manifest unknown" : reason));
            case 403 -> new RegistryException(Kind.DENIED, denied(reason));
            default -> unexpected("the manifest " + reference, answer.status(), reason);
        };
    }

    private String denied(String reason) {
        return "pull access denied for " + familiarPath() + ", repository does not exist or may require 'docker login'"
                + (reason.isEmpty() ? "" : ": " + reason);
    }

    private String shown(String reference) {
        return familiarPath() + (reference.contains(":") ? "@" : ":") + reference;
    }

    private String familiarPath() {
        String host = endpoint().host();
        if (!host.equals("docker.io")) {
            return host + "/" + path;
        }
        return path.startsWith("library/") ? path.substring("library/".length()) : path;
    }

    private RegistryException unexpected(String what, int status, String reason) {
        Kind kind = status == 403 ? Kind.DENIED : status >= 500 ? Kind.UNREACHABLE : Kind.REFUSED;
        return new RegistryException(
                kind,
                endpoint().host() + " returned HTTP status " + status + " for " + what
                        + (reason.isEmpty() ? "" : ": " + reason));
    }

    /** A small blob whole, verified. */
    Bytes document(Descriptor descriptor) throws IOException {
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
    Response blob(Digest digest, long offset) throws IOException {
        return blob(uri("blobs/" + digest), digest, offset);
    }

    /** As above; a layer that no registry may give out, from the other places that its descriptor names. */
    Response blob(Descriptor blob, long offset) throws IOException {
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
            throw unexpected("the blob " + digest, answer.status(), reason);
        }
    }

    /** Asks for nothing but whether one may ask. */
    void check() throws IOException {
        try (Response answer = http.send(Call.of("GET", http.base(), List.of()))) {
            if (!answer.isSuccess() && answer.status() != 404) {
                throw unexpected("the login", answer.status(), Responses.reason(answer));
            }
        }
    }

    /** Every tag, in the registry's order. */
    List<String> tags() throws IOException {
        var tags = new ArrayList<String>();
        URI next = uri("tags/list");
        for (int page = 0; page < MOST_PAGES; page++) {
            try (Response answer = http.send(Call.of("GET", next, pull))) {
                if (!answer.isSuccess()) {
                    throw notFound("", answer);
                }
                Json json = Json.parse(Responses.bytes(answer, MOST_TAGS_PAGE, "the list of tags"), "list of tags");
                tags.addAll(json.strings("tags"));
                Optional<URI> more = nextPage(next, answer);
                if (more.isEmpty()) {
                    return tags;
                }
                next = more.get();
            }
        }
        return tags;
    }

    /** Whether the registry has the blob already. */
    boolean has(Digest digest) throws IOException {
        try (Response answer = http.send(Call.of("HEAD", uri("blobs/" + digest), push))) {
            if (answer.status() == 403) {
                throw pushDenied(answer);
            }
            return answer.isSuccess();
        }
    }

    /** Begins an upload; absent when the blob could be mounted from {@code mount} instead, and is there now. */
    Optional<URI> beginUpload(Digest digest, Optional<String> mount) throws IOException {
        String query = mount.map(from -> "?mount=" + digest + "&from=" + from).orElse("");
        try (Response answer = http.send(Call.of("POST", uri("blobs/uploads/" + query), push))) {
            if (answer.status() == 201) {
                return Optional.empty();
            }
            if (answer.status() == 202) {
                return Optional.of(location(answer));
            }
            throw pushDenied(answer);
        }
    }

    private URI location(Response answer) throws IOException {
        String location = answer.header("Location")
                .orElseThrow(
                        () -> new RegistryException(Kind.REFUSED, endpoint().host() + " returned no upload location"));
        return RegistryHttp.resolve(answer.uri(), location);
    }

    /** Sends a blob whole; in pieces, where something on the way takes no large request. */
    void upload(URI session, Digest digest, Upload content) throws IOException {
        try (Response answer = http.send(finish(session, digest, content::publisher, content))) {
            if (answer.isSuccess()) {
                return;
            }
            if (answer.status() != 413) {
                throw pushDenied(answer);
            }
        }
        inPieces(beginUpload(digest, Optional.empty()).orElseThrow(), digest, content);
    }

    private void inPieces(URI session, Digest digest, Upload content) throws IOException {
        URI next = session;
        for (long sent = 0; sent < content.size(); sent += PIECE) {
            long begin = sent;
            long length = Math.min(PIECE, content.size() - begin);
            Call call = Call.of("PATCH", next, push)
                    .header("Content-Type", "application/octet-stream")
                    .header("Content-Range", begin + "-" + (begin + length - 1))
                    .body(() -> content.piece(begin, length), content::sent)
                    .once();
            try (Response answer = http.send(call)) {
                if (!answer.isSuccess()) {
                    throw pushDenied(answer);
                }
                next = location(answer);
            }
        }
        try (Response answer = http.send(finish(next, digest, BodyPublishers::noBody, content))) {
            if (!answer.isSuccess()) {
                throw pushDenied(answer);
            }
        }
    }

    private Call finish(URI session, Digest digest, Supplier<BodyPublisher> body, Upload content) {
        String text = session.toString();
        int mark = text.indexOf('?');
        URI target = URI.create(text + (mark < 0 ? "?" : "&") + "digest=" + digest);
        return Call.of("PUT", target, push)
                .header("Content-Type", "application/octet-stream")
                .body(body, content::sent)
                .once();
    }

    /** Whether the registry has the manifest already. */
    boolean hasManifest(Digest digest) throws IOException {
        try (Response answer =
                http.send(Call.of("HEAD", uri("manifests/" + digest), push).header("Accept", ACCEPT))) {
            return answer.isSuccess();
        }
    }

    /**
     * What the registry lists as referring to {@code subject}; empty when it does not have the referrers API. Only 404 says
     * so: anything else that is no index is a failure.
     */
    Optional<List<Descriptor>> referrers(Digest subject, Optional<String> artifactType) throws IOException {
        var found = new ArrayList<Descriptor>();
        String filter = artifactType
                .map(type -> "?artifactType=" + URLEncoder.encode(type, StandardCharsets.UTF_8))
                .orElse("");
        URI next = uri("referrers/" + subject + filter);
        for (int page = 0; page < MOST_PAGES; page++) {
            try (Response answer = http.send(Call.of("GET", next, pull).header("Accept", MediaTypes.OCI_INDEX))) {
                if (answer.status() == 404) {
                    return Optional.empty();
                }
                if (!answer.isSuccess()) {
                    throw notFound(subject.toString(), answer);
                }
                found.addAll(Index.parse(Responses.bytes(answer, ContentStore.MAX_DOCUMENT, "the list of referrers"))
                        .manifests());
                Optional<URI> more = nextPage(next, answer);
                if (more.isEmpty()) {
                    return Optional.of(found);
                }
                next = more.get();
            }
        }
        return Optional.of(found);
    }

    /** By the {@code Link} header (RFC 8288). */
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
    boolean putManifest(String reference, Document manifest) throws IOException {
        Call call = Call.of("PUT", uri("manifests/" + reference), push)
                .header("Content-Type", manifest.mediaType())
                .body(() -> BodyPublishers.ofByteArray(manifest.bytes().toArray()), () -> 0);
        try (Response answer = http.send(call)) {
            if (!answer.isSuccess()) {
                throw pushDenied(answer);
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

    private RegistryException pushDenied(Response answer) {
        String reason = Responses.reason(answer);
        if (answer.status() == 403 || answer.status() == 404 && reason.startsWith("name unknown")) {
            return new RegistryException(
                    Kind.DENIED, reason.isEmpty() ? "denied: requested access to the resource is denied" : reason);
        }
        return unexpected("the upload to " + path, answer.status(), reason);
    }
}
