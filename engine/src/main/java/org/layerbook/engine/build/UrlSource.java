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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.GoJson;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.store.CacheRecords;
import org.layerbook.engine.store.ContentStore;
import org.layerbook.engine.store.Resource;

/**
 * ADD of a URL. Asks the server every time whether the file has changed (by ETag and Last-Modified), and reads it only if it
 * has; with a checksum that is in the store it asks nobody. The file has mode 0600 and the server's time, as BuildKit gives
 * it.
 */
final class UrlSource implements CopySource {
    private static final int MODE = 0600;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    /** @param modified seconds; 0 where the server does not say */
    private record Fetched(Digest content, long modified, String etag, String lastModified) {}

    private final Step.Source.Url source;
    private final BuildServices services;
    private final StepContext context;
    private final CopySources owner;
    private Optional<Fetched> fetched = Optional.empty();

    UrlSource(Step.Source.Url source, BuildServices services, StepContext context, CopySources owner) {
        this.source = source;
        this.services = services;
        this.context = context;
        this.owner = owner;
    }

    @Override
    public String key() throws IOException, StepFailedException {
        Fetched file = fetched();
        return (source.unpack() ? "unpack " : "") + source.fileName() + " " + file.content() + " " + file.modified();
    }

    @Override
    public void copyTo(TargetTree target, String destination, Optional<UserLookup.Owner> chown, Step.Options options)
            throws IOException, StepFailedException {
        Fetched file = fetched();
        Path folder = owner.temporaryFolder();
        Path copy = folder.resolve(source.fileName());
        Files.copy(services.content().path(file.content()), copy);
        LinuxFiles.chmodFollowing(copy, MODE);
        LinuxFiles.setTimes(copy, file.modified(), 0);
        owner.writeFile(folder, source.fileName(), source.unpack(), target, destination, chown, options);
    }

    @Override
    public Optional<String> changed() {
        return Optional.empty();
    }

    private Fetched fetched() throws IOException, StepFailedException {
        if (fetched.isEmpty()) {
            fetched = Optional.of(fetch());
        }
        return fetched.get();
    }

    private Fetched fetch() throws IOException, StepFailedException {
        Optional<Digest> wanted = checksum();
        Digest question = Digest.sha256(("url " + source.url()).getBytes(StandardCharsets.UTF_8));
        Optional<Fetched> known =
                services.cache().get(question).flatMap(UrlSource::read).filter(f -> claim(f.content()));
        if (known.isPresent() && wanted.isPresent() && wanted.equals(known.map(Fetched::content))) {
            return known.get();
        }
        Fetched answer = ask(known);
        if (wanted.isPresent() && !wanted.get().equals(answer.content())) {
            throw StepFailedException.invalid(
                    "digest mismatch " + answer.content() + ": " + wanted.get() + ", for " + source.url());
        }
        services.cache()
                .put(question, write(answer), List.of(Resource.blob(answer.content())), List.of("url " + source.url()));
        return answer;
    }

    private Optional<Digest> checksum() throws StepFailedException {
        try {
            return source.checksum().map(Digest::parse);
        } catch (IllegalArgumentException e) {
            throw StepFailedException.invalid(e.getMessage());
        }
    }

    private boolean claim(Digest content) {
        try {
            return services.content().claim(content);
        } catch (IOException e) {
            return false;
        }
    }

    private Fetched ask(Optional<Fetched> known) throws IOException, StepFailedException {
        HttpRequest.Builder request;
        try {
            request = HttpRequest.newBuilder(URI.create(source.url())).header("User-Agent", "layerbook");
        } catch (IllegalArgumentException e) {
            throw StepFailedException.invalid("invalid URL " + source.url() + ": " + e.getMessage());
        }
        known.filter(f -> !f.etag().isEmpty()).ifPresent(f -> request.header("If-None-Match", f.etag()));
        known.filter(f -> !f.lastModified().isEmpty())
                .ifPresent(f -> request.header("If-Modified-Since", f.lastModified()));
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(CONNECT_TIMEOUT)
                .proxy(new EnvironmentProxies(services.host().environment()))
                .build()) {
            HttpResponse<InputStream> response = send(client, request.GET().build());
            try (InputStream body = response.body()) {
                if (response.statusCode() == NOT_MODIFIED && known.isPresent()) {
                    return known.get();
                }
                if (response.statusCode() != OK) {
                    throw StepFailedException.invalid(
                            "failed to load " + source.url() + ": the server answered " + response.statusCode());
                }
                return receive(response.headers(), body);
            } finally {
                client.shutdownNow();
            }
        }
    }

    private HttpResponse<InputStream> send(HttpClient client, HttpRequest request)
            throws IOException, StepFailedException {
        CompletableFuture<HttpResponse<InputStream>> future =
                client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        try (var _ = context.cancellation().onCancel(() -> future.cancel(true))) {
            return future.get();
        } catch (CancellationException | InterruptedException e) {
            throw StepFailedException.cancelled();
        } catch (ExecutionException e) {
            throw new StepFailedException(
                    BuildException.Kind.INVALID,
                    "failed to load " + source.url() + ": " + reason(e.getCause()),
                    Optional.empty(),
                    1,
                    Optional.empty(),
                    e);
        }
    }

    private static String reason(Throwable cause) {
        return Optional.ofNullable(cause.getMessage()).orElse("no connection");
    }

    private Fetched receive(HttpHeaders headers, InputStream body) throws IOException {
        long length = headers.firstValueAsLong("Content-Length").orElse(0);
        try (ContentStore.Ingest ingest = services.content().ingest()) {
            copy(body, ingest.out(), length);
            String lastModified = headers.firstValue("Last-Modified").orElse("");
            return new Fetched(
                    ingest.commit(Optional.empty()),
                    seconds(lastModified),
                    headers.firstValue("ETag").orElse(""),
                    lastModified);
        }
    }

    private void copy(InputStream body, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long done = 0;
        for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
            CancelledException.check(context.cancellation());
            out.write(buffer, 0, n);
            done += n;
            context.progress("downloading " + source.url(), done, length);
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
