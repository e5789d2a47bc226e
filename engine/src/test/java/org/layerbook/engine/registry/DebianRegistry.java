package org.layerbook.engine.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's docker-registry on a free port of loopback, and other programs that speak to it. */
public final class DebianRegistry implements AutoCloseable {
    private final Process server;
    private final String host;

    /**
     * @param folder for its data, its log and its configuration
     * @param http further lines of the configuration's {@code http} section, such as TLS; {@code auth} its own section;
     *     both as JSON, or empty
     */
    public DebianRegistry(Path folder, String http, String auth) throws Exception {
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        host = "127.0.0.1:" + port;
        Files.createDirectories(folder);
        Path config = folder.resolve("registry.yml");
        Files.writeString(
                config,
                "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: \"" + folder.resolve("data")
                        + "\"}}\nhttp: {addr: \"" + host + "\"" + (http.isEmpty() ? "" : ", " + http) + "}\n"
                        + (auth.isEmpty() ? "" : "auth: " + auth + "\n"));
        server = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        awaitPort(port);
    }

    public String host() {
        return host;
    }

    private void awaitPort(int port) throws Exception {
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); ; ) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end || !server.isAlive()) {
                    throw e;
                }
                server.waitFor(20, TimeUnit.MILLISECONDS);
            }
        }
    }

    public static boolean isThere(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    /**
     * What the program prints, on either stream; its status has to be 0.
     *
     * @param home of whoever runs it
     */
    public static String run(Path home, String... words) throws Exception {
        var builder = new ProcessBuilder(new ArrayList<>(List.of(words))).redirectErrorStream(true);
        builder.environment().put("HOME", home.toString());
        // Where a login made no XDG_RUNTIME_DIR, skopeo looks below /run, which an ordinary user may not read.
        builder.environment().put("XDG_RUNTIME_DIR", home.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), String.join(" ", words) + ": " + out);
        return out.strip();
    }

    @Override
    public void close() {
        server.destroyForcibly().onExit().join();
    }
}
