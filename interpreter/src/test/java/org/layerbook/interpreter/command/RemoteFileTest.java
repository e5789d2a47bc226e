package org.layerbook.interpreter.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.interpreter.command.image.RemoteFile;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;

/** Addresses that `docker import` cannot read from, in docker's words. */
class RemoteFileTest {
    private static InputStream open(String address) throws Exception {
        var context = new CommandContext(
                null,
                InputStream.nullInputStream(),
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                Optional.empty(),
                Path.of("/"),
                Map.of(),
                new Cancellation());
        return RemoteFile.open(address, context);
    }

    private static String fault(String address) {
        return assertThrows(CommandException.class, () -> open(address)).getMessage();
    }

    @Test
    void noSuchHost() {
        // No resolver asks anybody for a name as long as this.
        String host = "x".repeat(64);
        assertEquals(
                "Error response from daemon: Get \"http://" + host + "/a.tgz\": dial tcp: lookup " + host
                        + ": no such host",
                fault("http://" + host + "/a.tgz"));
    }

    @Test
    void nobodyListens() throws Exception {
        int port;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String address = "http://127.0.0.1:" + port + "/a.tgz";
        assertEquals(
                "Error response from daemon: Get \"" + address + "\": dial tcp 127.0.0.1:" + port
                        + ": connect: connection refused",
                fault(address));
    }

    @Test
    void noHost() {
        assertEquals("Error response from daemon: Get \"http:///a\": http: no Host in request URL", fault("http:///a"));
    }

    @Test
    void theServerRefusesOrSends() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = "some words\n".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().equals("/there") ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            String address = "http://127.0.0.1:" + server.getAddress().getPort();
            assertEquals(
                    "Error response from daemon: failed to GET " + address
                            + "/gone with status 404 Not Found: some words",
                    fault(address + "/gone"));
            try (InputStream in = open(address + "/there")) {
                assertEquals("some words\n", new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        } finally {
            server.stop(0);
        }
    }

    /** @param answer what is sent to whoever calls, before the connection ends */
    private static ServerSocket answering(String answer) throws IOException {
        var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(() -> {
            while (!listening.isClosed()) {
                try (Socket caller = listening.accept()) {
                    caller.getInputStream().read(new byte[4096]);
                    caller.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // The test is over, or the caller has gone.
                }
            }
        });
        return listening;
    }

    @Test
    void theServerHangsUp() throws Exception {
        try (ServerSocket listening = answering("")) {
            String address = "http://127.0.0.1:" + listening.getLocalPort() + "/a";
            assertEquals("Error response from daemon: Get \"" + address + "\": EOF", fault(address));
        }
    }

    @Test
    void noTls() throws Exception {
        try (ServerSocket listening = answering("HTTP/1.1 400 Bad Request\r\n\r\n")) {
            String address = "https://127.0.0.1:" + listening.getLocalPort() + "/a";
            assertEquals(
                    "Error response from daemon: Get \"" + address
                            + "\": http: server gave HTTP response to HTTPS client",
                    fault(address));
        }
    }
}
