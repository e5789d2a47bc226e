package org.layerbook.engine.registry.protocol;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.layerbook.engine.http.Response;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.registry.protocol.RegistryException.Kind;
import org.layerbook.engine.registry.protocol.RegistryHttp.Call;

/** Sends blobs to one repository, as the OCI distribution specification describes uploads. Thread-safe. */
public final class BlobUploads {
    /** The size of a piece in a chunked upload, in bytes. Proxies that limit requests accept a few MiB. */
    private static final long PIECE = 4 << 20;

    private final RegistryHttp http;
    private final String path;
    private final List<String> push;
    private final RepositoryErrors errors;

    BlobUploads(RegistryHttp http, String path, List<String> push, RepositoryErrors errors) {
        this.http = http;
        this.path = path;
        this.push = push;
        this.errors = errors;
    }

    /** Begins an upload. Returns nothing if the registry mounted the blob from {@code mount} instead. */
    public Optional<URI> begin(Digest digest, Optional<String> mount) throws IOException {
        String query = mount.map(from -> "?mount=" + digest + "&from=" + from).orElse("");
        try (Response answer =
                http.send(Call.of("POST", http.base().resolve(path + "/blobs/uploads/" + query), push))) {
            if (answer.status() == 201) {
                return Optional.empty();
            }
            if (answer.status() == 202) {
                return Optional.of(location(answer));
            }
            throw errors.pushDenied(answer);
        }
    }

    private URI location(Response answer) throws IOException {
        String location = answer.header("Location")
                .orElseThrow(() -> new RegistryException(Kind.REFUSED, errors.host() + " returned no upload location"));
        return RegistryHttp.resolve(answer.uri(), location);
    }

    /** Sends a blob in one request, or in pieces if a proxy refuses large requests. */
    public void send(URI session, Digest digest, Upload content) throws IOException {
        try (Response answer = http.send(finish(session, digest, content::publisher, content))) {
            if (answer.isSuccess()) {
                return;
            }
            if (answer.status() != 413) {
                throw errors.pushDenied(answer);
            }
        }
        inPieces(begin(digest, Optional.empty()).orElseThrow(), digest, content);
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
                    throw errors.pushDenied(answer);
                }
                next = location(answer);
            }
        }
        try (Response answer = http.send(finish(next, digest, BodyPublishers::noBody, content))) {
            if (!answer.isSuccess()) {
                throw errors.pushDenied(answer);
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
}
