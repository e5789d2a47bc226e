package org.layerbook.engine.builder.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.builder.plan.UrlCredentials;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.ImageSource;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.step.ThrottledProgress;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.concurrent.Interruptible;
import org.layerbook.engine.golang.GoJson;
import org.layerbook.engine.http.HttpTransport;
import org.layerbook.engine.http.Response;
import org.layerbook.engine.http.RetryPolicy;
import org.layerbook.engine.image.CacheRecords;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;

/**
 * Files that URLs name, kept in the store. The server is asked every time whether the file has changed (by ETag and
 * Last-Modified), and it is read only if it has; with a checksum that is in the store nobody is asked.
 */
public final class UrlFiles {
    private static final int NOT_MODIFIED = 304;

    private final BuildServices services;
    private final ImageSource.Progress progress;
    private final Cancellation cancellation;

    public UrlFiles(BuildServices services, ImageSource.Progress progress, Cancellation cancellation) {
        this.services = services;
        this.progress = progress;
        this.cancellation = cancellation;
    }

    /**
     * @param content a blob in the store
     * @param modified seconds; 0 where the server does not say
     */
    public record Fetched(Digest content, long modified, String etag, String lastModified) {}

    /**
     * What the URL holds now.
     *
     * @param wanted its checksum; {@link StepFailedException} when it is another
     */
    public Fetched fetch(String url, Optional<Digest> wanted) throws IOException, StepFailedException {
        Digest question = Digest.sha256(("url " + url).getBytes(StandardCharsets.UTF_8));
        Optional<Fetched> known =
                services.cache().get(question).flatMap(UrlFiles::read).filter(f -> claim(f.content()));
        if (known.isPresent() && wanted.isPresent() && wanted.equals(known.map(Fetched::content))) {
            return known.get();
        }
        Fetched answer = ask(url, known);
        if (wanted.isPresent() && !wanted.get().equals(answer.content())) {
            throw StepFailedException.invalid("digest mismatch for " + UrlCredentials.hidden(url) + ": "
                    + answer.content() + " (expected: " + wanted.get() + ")");
        }
        services.cache()
                .put(
                        question,
                        write(answer),
                        List.of(GcRoot.blob(answer.content())),
                        List.of("url " + UrlCredentials.hidden(url)));
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
        URI uri = uri(url);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("User-Agent", "layerbook");
        UrlCredentials.basic(uri.getUserInfo()).ifPresent(basic -> headers.put("Authorization", basic));
        known.filter(f -> !f.etag().isEmpty()).ifPresent(f -> headers.put("If-None-Match", f.etag()));
        known.filter(f -> !f.lastModified().isEmpty())
                .ifPresent(f -> headers.put("If-Modified-Since", f.lastModified()));
        try (var http = new HttpTransport(services.host().environment(), Set.of(), RetryPolicy.DEFAULT)) {
            return Interruptible.run("download", cancellation, () -> {
                try (Response response = get(http, uri, headers)) {
                    if (response.status() == NOT_MODIFIED && known.isPresent()) {
                        return known.get();
                    }
                    if (!response.isSuccess()) {
                        throw new DownloadException("invalid response status " + response.status(), null);
                    }
                    return receive(response);
                }
            });
        } catch (InterruptedIOException e) {
            throw StepFailedException.cancelled();
        } catch (DownloadException e) {
            throw new StepFailedException(
                    BuildException.Kind.INVALID,
                    "failed to load " + UrlCredentials.hidden(url) + ": " + e.getMessage(),
                    Optional.empty(),
                    1,
                    Optional.empty(),
                    e);
        }
    }

    private static URI uri(String url) throws StepFailedException {
        try {
            URI uri = URI.create(url);
            if (uri.getHost() == null) {
                throw new IllegalArgumentException("it has no host");
            }
            return uri;
        } catch (IllegalArgumentException e) {
            throw StepFailedException.invalid(
                    "invalid URL " + UrlCredentials.hidden(url) + ": " + UrlCredentials.hidden(e.getMessage()));
        }
    }

    private static Response get(HttpTransport http, URI uri, Map<String, String> headers) throws IOException {
        try {
            return http.get(uri, headers);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new DownloadException(e);
        }
    }

    /** The network's failure or the server's, not the store's. */
    private static final class DownloadException extends IOException {
        private static final long serialVersionUID = 1L;

        DownloadException(IOException cause) {
            this(Optional.ofNullable(cause.getMessage()).orElse("connection failed"), cause);
        }

        DownloadException(String message, IOException cause) {
            super(message, cause);
        }
    }

    private Fetched receive(Response response) throws IOException {
        try (ContentStore.Ingest ingest = services.content().ingest()) {
            copy(
                    response.body(),
                    ingest.out(),
                    new ThrottledProgress(
                            progress, "downloading", response.length().orElse(0)));
            String lastModified = response.header("Last-Modified").orElse("");
            return new Fetched(
                    ingest.commit(Optional.empty()),
                    seconds(lastModified),
                    response.header("ETag").orElse(""),
                    lastModified);
        }
    }

    private void copy(InputStream body, OutputStream out, ThrottledProgress meter) throws IOException {
        byte[] buffer = new byte[1 << 16];
        for (int n = read(body, buffer); n >= 0; n = read(body, buffer)) {
            out.write(buffer, 0, n);
            meter.add(n);
        }
        meter.end();
    }

    private static int read(InputStream body, byte[] buffer) throws IOException {
        try {
            return body.read(buffer);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            throw new DownloadException(e);
        }
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
