package org.layerbook.engine.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.GoJson;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.sandbox.Cancellation;
import org.layerbook.engine.store.CacheRecords;
import org.layerbook.engine.store.ContentStore;
import org.layerbook.engine.store.Resource;

/**
 * Files that URLs name, kept in the store. The server is asked every time whether the file has changed (by ETag and
 * Last-Modified), and it is read only if it has; with a checksum that is in the store nobody is asked.
 */
final class UrlFiles {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    /** The first digit of statuses that carry the file. */
    private static final int SUCCESS = 2;

    private static final int NOT_MODIFIED = 304;

    private final BuildServices services;
    private final ImageSource.Progress progress;
    private final Cancellation cancellation;

    UrlFiles(BuildServices services, ImageSource.Progress progress, Cancellation cancellation) {
        this.services = services;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    /**
     * @param content a blob in the store
     * @param modified seconds; 0 where the server does not say
     */
    record Fetched(Digest content, long modified, String etag, String lastModified) {}

    /**
     * What the URL holds now.
     *
     * @param wanted its checksum; {@link StepFailedException} when it is another
     */
    Fetched fetch(String url, Optional<Digest> wanted) throws IOException, StepFailedException {
        Digest question = Digest.sha256(("url " + url).getBytes(StandardCharsets.UTF_8));
        Optional<Fetched> known =
                services.cache().get(question).flatMap(UrlFiles::read).filter(f -> claim(f.content()));
        if (known.isPresent() && wanted.isPresent() && wanted.equals(known.map(Fetched::content))) {
            return known.get();
        }
        Fetched answer = ask(url, known);
        if (wanted.isPresent() && !wanted.get().equals(answer.content())) {
            throw StepFailedException.invalid("digest mismatch for " + Credentials.hidden(url) + ": " + answer.content()
                    + " (expected: " + wanted.get() + ")");
        }
        services.cache()
                .put(
                        question,
                        write(answer),
                        List.of(Resource.blob(answer.content())),
                        List.of("url " + Credentials.hidden(url)));
        return answer;
    }

    private boolean claim(Digest content) {
        try {
            return services.content().claim(content);
        } catch (IOException e) {
            return false;
        }
    }

    private Fetched ask(String url, Optional<Fetched> known) throws IOException, StepFailedException {
        final HttpRequest.Builder request;
        try {
            URI uri = URI.create(url);
            request = HttpRequest.newBuilder(uri).header("User-Agent", "layerbook");
            Credentials.basic(uri.getUserInfo()).ifPresent(basic -> request.header("Authorization", basic));
        } catch (IllegalArgumentException e) {
            throw StepFailedException.invalid(
                    "invalid URL " + Credentials.hidden(url) + ": " + Credentials.hidden(e.getMessage()));
        }
        known.filter(f -> !f.etag().isEmpty()).ifPresent(f -> request.header("If-None-Match", f.etag()));
        known.filter(f -> !f.lastModified().isEmpty())
                .ifPresent(f -> request.header("If-Modified-Since", f.lastModified()));
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT_TIMEOUT)
                .proxy(new EnvironmentProxies(services.host().environment()))
                .build()) {
            HttpResponse<InputStream> response = send(url, client, request.GET().build());
            try (InputStream body = response.body()) {
                if (response.statusCode() == NOT_MODIFIED && known.isPresent()) {
                    return known.get();
                }
                if (response.statusCode() / 100 != SUCCESS) {
                    throw StepFailedException.invalid("failed to load " + Credentials.hidden(url)
                            + ": invalid response status " + response.statusCode());
                }
                return receive(url, response.headers(), body);
            } finally {
                client.shutdownNow();
            }
        }
    }

    private HttpResponse<InputStream> send(String url, HttpClient client, HttpRequest request)
            throws IOException, StepFailedException {
        CompletableFuture<HttpResponse<InputStream>> future =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        try (var _ = cancellation.onCancel(() -> future.cancel(true))) {
            return future.get();
        } catch (CancellationException | InterruptedException e) {
            throw StepFailedException.cancelled();
        } catch (ExecutionException e) {
            throw new StepFailedException(
                    BuildException.Kind.INVALID,
                    "failed to load " + Credentials.hidden(url) + ": " + reason(e.getCause()),
                    Optional.empty(),
                    1,
                    Optional.empty(),
                    e);
        }
    }

    private static String reason(Throwable cause) {
        return Optional.ofNullable(cause.getMessage()).orElse("no connection");
    }

    private Fetched receive(String url, HttpHeaders headers, InputStream body) throws IOException {
        long length = headers.firstValueAsLong("Content-Length").orElse(0);
        try (ContentStore.Ingest ingest = services.content().ingest()) {
            copy(body, ingest.out(), new Meter(progress, "downloading", length));
            String lastModified = headers.firstValue("Last-Modified").orElse("");
            return new Fetched(
                    ingest.commit(Optional.empty()),
                    seconds(lastModified),
                    headers.firstValue("ETag").orElse(""),
                    lastModified);
        }
    }

    private void copy(InputStream body, OutputStream out, Meter meter) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            CancelledException.check(cancellation);
            out.write(buffer, 0, n);
            meter.add(n);
        }
        meter.end();
    }

    private static long seconds(String lastModified) {
        try {
            return lastModified.isEmpty()
                    ? 0
                    : ZonedDateTime.parse(lastModified, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toEpochSecond();
        } catch (DateTimeParseException e) {
            return 0;
        }
    }

    private static byte[] write(Fetched file) {
        return GoJson.object(json -> json.string("content", file.content().toString())
                .number("modified", file.modified())
                .string("etag", file.etag())
                .string("lastModified", file.lastModified()));
    }

    private static Optional<Fetched> read(CacheRecords.Record record) {
        try {
            Json json = Json.parse(record.content().toArray(), "record of a URL");
            return Optional.of(new Fetched(
                    json.require("content").digest(),
                    json.integer("modified"),
                    json.string("etag").orElse(""),
                    json.string("lastModified").orElse("")));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }
}
