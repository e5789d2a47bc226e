package org.layerbook.engine.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.concurrent.Interruptible;

/** Redirects, proxies, stalls and interrupts of the one HTTP client. */
class HttpTransportTest {
    private static final RetryPolicy QUICK = new RetryPolicy(
            1,
            Duration.ofMillis(1),
            Duration.ofMillis(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofMillis(200));

    private final CopyOnWriteArrayList<String> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch testEnds = new CountDownLatch(1);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        testEnds.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        requests.add(uri + (authorization == null ? "" : " " + authorization));
        switch (uri.getPath()) {
            case "/twice" -> redirect(exchange, "/once");
            case "/once" -> redirect(exchange, "/file");
            case "/round" -> redirect(exchange, "/round");
            case "/elsewhere" -> redirect(exchange, "http://localhost:" + port() + "/file");
            case "/nowhere" -> redirect(exchange, "ftp://localhost/file");
            case "/stall" -> {
                exchange.sendResponseHeaders(200, 1000);
                exchange.getResponseBody().write('x');
                exchange.getResponseBody().flush();
                await();
            }
            default -> {
                exchange.sendResponseHeaders(200, 0);
                exchange.getResponseBody().write("content".getBytes(StandardCharsets.UTF_8));
            }
        }
        exchange.close();
    }

    private void await() {
        try {
            testEnds.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().add("Location", location);
        exchange.sendResponseHeaders(302, -1);
    }

    private int port() {
        return server.getAddress().getPort();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port() + path);
    }

    private String get(URI uri, Map<String, String> environment) throws IOException {
        try (var http = new HttpTransport(environment, Set.of(), QUICK);
                Response response = http.get(uri, Map.of("Authorization", "Basic abc"))) {
            return response.status() + " " + new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void followsRedirects() throws IOException {
        assertEquals("200 content", get(uri("/twice"), Map.of()));
        assertEquals(List.of("/twice Basic abc", "/once Basic abc", "/file Basic abc"), requests);
    }

    @Test
    void sendsCredentialsToTheFirstHostOnly() throws IOException {
        assertEquals("200 content", get(uri("/elsewhere"), Map.of()));
        assertEquals(List.of("/elsewhere Basic abc", "/file"), requests);
    }

    @Test
    void givesUpAfterTenRedirectsAndRefusesOtherSchemes() {
        var round = assertThrows(IOException.class, () -> get(uri("/round"), Map.of()));
        assertEquals("stopped after 10 redirects", round.getMessage());
        assertEquals(11, requests.size());
        var nowhere = assertThrows(IOException.class, () -> get(uri("/nowhere"), Map.of()));
        assertTrue(nowhere.getMessage().contains("ftp://localhost/file"), nowhere.getMessage());
    }

    @Test
    void aProxyIsAskedForWhatNoProxyDoesNotName() throws IOException {
        Map<String, String> environment =
                Map.of("http_proxy", "http://127.0.0.1:" + port(), "NO_PROXY", "10.0.0.0/8,direct.example");
        assertEquals("200 content", get(URI.create("http://far.example/file"), environment));
        assertEquals(List.of("http://far.example/file Basic abc"), requests);
    }

    @Test
    void aBodyThatStallsIsAnError() {
        assertThrows(HttpTimeoutException.class, () -> get(uri("/stall"), Map.of()));
    }

    @Test
    void aCancellationEndsADownload() throws IOException {
        var cancellation = new Cancellation();
        var patient = new RetryPolicy(
                1,
                Duration.ofMillis(1),
                Duration.ofMillis(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60));
        try (var http = new HttpTransport(Map.of(), Set.of(), patient)) {
            assertThrows(
                    InterruptedIOException.class,
                    () -> Interruptible.run("download", cancellation, () -> {
                        try (Response response = http.get(uri("/stall"), Map.of())) {
                            response.body().read();
                            cancellation.cancel();
                            return response.body().readAllBytes();
                        }
                    }));
        }
    }
}
