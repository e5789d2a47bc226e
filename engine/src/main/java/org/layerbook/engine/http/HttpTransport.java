package org.layerbook.engine.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Sends requests: TLS, proxies, time-outs, interrupts; no authentication, and no redirects but with {@link #get}.
 * Thread-safe.
 */
public final class HttpTransport implements AutoCloseable {
    /** Statuses that a client may follow to another address (RFC 9110, 15.4). */
    public static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private static final int MOST_REDIRECTS = 10;
    private static final String DEFAULT = "";

    private final Map<String, String> environment;
    private final Set<String> insecure;
    private final RetryPolicy retries;
    private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor clock;

    /**
     * @param environment the user's: {@code HTTP_PROXY}, {@code HTTPS_PROXY}, {@code NO_PROXY}, {@code SSL_CERT_FILE}
     * @param insecure hosts, with a port if it is not the default one, whose certificates are not verified
     */
    public HttpTransport(Map<String, String> environment, Set<String> insecure, RetryPolicy retries) {
        this.environment = Map.copyOf(environment);
        this.insecure = Set.copyOf(insecure);
        this.retries = retries;
        this.clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("http-stall-", 0).factory());
        clock.setRemoveOnCancelPolicy(true);
    }

    public RetryPolicy retries() {
        return retries;
    }

    /**
     * GETs {@code uri}, following redirects as Go's client does: at most {@value #MOST_REDIRECTS}, and what authenticates
     * is sent to the first host only.
     */
    public Response get(URI uri, Map<String, String> headers) throws IOException {
        URI current = uri;
        for (int redirects = 0; ; redirects++) {
            var request = HttpRequest.newBuilder(current);
            boolean same = current.getHost().equals(uri.getHost());
            headers.forEach((name, value) -> {
                if (same || !name.equalsIgnoreCase("Authorization")) {
                    request.header(name, value);
                }
            });
            Response response = send(request.GET().build(), () -> 0);
            Optional<String> location = response.header("Location");
            if (!REDIRECTS.contains(response.status()) || location.isEmpty()) {
                return response;
            }
            response.close();
            if (redirects == MOST_REDIRECTS) {
                throw new IOException("stopped after " + MOST_REDIRECTS + " redirects");
            }
            current = redirect(current, location.get())
                    .orElseThrow(() -> new IOException("the redirect to " + location.get() + " is not a valid URL"));
        }
    }

    /** Where {@code location} leads, if that is an HTTP URL. */
    public static Optional<URI> redirect(URI from, String location) {
        try {
            URI next = from.resolve(location.strip().replace(" ", "%20"));
            boolean http = "http".equals(next.getScheme()) || "https".equals(next.getScheme());
            return http && next.getHost() != null ? Optional.of(next) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * @param progress bytes of the request's body sent so far: as long as they grow, the answer may take its time
     * @throws InterruptedIOException when this thread was interrupted; the flag stays set
     */
    public Response send(HttpRequest request, LongSupplier progress) throws IOException {
        CompletableFuture<HttpResponse<InputStream>> sent =
                client(request.uri()).sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        try {
            HttpResponse<InputStream> response = await(sent, progress);
            return new Response(
                    response.uri(),
                    response.statusCode(),
                    response.headers(),
                    new StallGuard(response.body(), retries.stall(), clock));
        } catch (InterruptedException e) {
            sent.cancel(true);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        }
    }

    private HttpResponse<InputStream> await(CompletableFuture<HttpResponse<InputStream>> sent, LongSupplier progress)
            throws InterruptedException, ExecutionException, IOException {
        Duration patience = retries.answer();
        long before = progress.getAsLong();
        while (true) {
            try {
                return sent.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                long now = progress.getAsLong();
                if (now == before) {
                    sent.cancel(true);
                    throw new HttpTimeoutException("no response within " + patience.toMillis() / 1000.0 + " s");
                }
                before = now;
            }
        }
    }

    private HttpClient client(URI uri) {
        String address = uri.getAuthority();
        boolean plain = uri.getScheme().equals("http");
        return clients.computeIfAbsent(plain ? DEFAULT : address, key -> build(key, address));
    }

    private HttpClient build(String key, String address) {
        var builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(retries.connect())
                .proxy(new Proxies(environment));
        try {
            // Given one, the client does not load the authorities of all the world, which takes longer than a small
            // pull.
            builder.sslContext(
                    key.equals(DEFAULT)
                            ? Trust.nobody()
                            : Trust.context(address, insecure.contains(address), environment));
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        return builder.build();
    }

    @Override
    public void close() {
        clients.values().forEach(HttpClient::shutdownNow);
        clock.shutdownNow();
    }
}
