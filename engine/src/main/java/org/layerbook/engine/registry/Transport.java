package org.layerbook.engine.registry;

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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/** Sends single requests: TLS, proxies, time-outs, interrupts; no redirects, no authentication. Thread-safe. */
final class Transport implements AutoCloseable {
    private static final String DEFAULT = "";

    private final Map<String, String> environment;
    private final RegistrySettings settings;
    private final Map<String, HttpClient> clients = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor clock;

    Transport(Map<String, String> environment, RegistrySettings settings) {
        this.environment = environment;
        this.settings = settings;
        this.clock = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("registry-stall-", 0).factory());
        clock.setRemoveOnCancelPolicy(true);
    }

    RetryPolicy retries() {
        return settings.retries();
    }

    /**
     * @param progress bytes of the request's body sent so far: as long as they grow, the answer may take its time
     * @throws InterruptedIOException when this thread was interrupted; the flag stays set
     */
    Answer send(HttpRequest request, LongSupplier progress) throws IOException {
        CompletableFuture<HttpResponse<InputStream>> sent =
                client(request.uri()).sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
        try {
            HttpResponse<InputStream> response = await(sent, progress);
            return new Answer(
                    response.uri(),
                    response.statusCode(),
                    response.headers(),
                    new StallGuard(response.body(), retries().stall(), clock));
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
        Duration patience = retries().answer();
        long before = progress.getAsLong();
        while (true) {
            try {
                return sent.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                long now = progress.getAsLong();
                if (now == before) {
                    sent.cancel(true);
                    throw new HttpTimeoutException("no answer within " + patience.toMillis() / 1000.0 + " s");
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
                .connectTimeout(retries().connect())
                .proxy(new Proxies(environment));
        try {
            // Given one, the client does not load the authorities of all the world, which takes longer than a small
            // pull.
            builder.sslContext(
                    key.equals(DEFAULT)
                            ? Trust.nobody()
                            : Trust.context(address, settings.insecure().contains(address), environment));
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
