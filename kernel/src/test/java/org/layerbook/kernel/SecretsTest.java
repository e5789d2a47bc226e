package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.kernel.wire.Channel;

/**
 * A user logs in, builds with a secret, pushes and pulls; then the password and the secret are looked for in everything
 * that stayed and everything that was said: messages, the store, logs, the history, command lines and environments.
 */
class SecretsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String PASSWORD = "geheim-4711-passwort";
    private static final String SECRET = "sehr-geheim-0815";
    private static final List<String> NEEDLES = List.of(
            PASSWORD, SECRET, Base64.getEncoder().encodeToString(("me:" + PASSWORD).getBytes(StandardCharsets.UTF_8)));

    @TempDir
    private Path folder;

    private Process server;
    private final StringBuilder heard = new StringBuilder();
    private final List<String> seenInProcesses = new CopyOnWriteArrayList<>();

    private String serve() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/docker-registry")), "there is no docker-registry");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/htpasswd")), "there is no htpasswd");
        assumeTrue(Files.isExecutable(Path.of("/bin/busybox")), "there is no busybox");
        assumeTrue("root".equals(System.getProperty("user.name")), "without a launcher only root can RUN");
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String host = "127.0.0.1:" + port;
        Process hash = new ProcessBuilder("htpasswd", "-nbB", "me", PASSWORD).start();
        Files.write(folder.resolve("htpasswd"), hash.getInputStream().readAllBytes());
        Files.writeString(
                folder.resolve("registry.yml"),
                "version: 0.1\nlog: {level: debug}\nstorage: {filesystem: {rootdirectory: \"" + folder.resolve("data")
                        + "\"}}\nauth: {htpasswd: {realm: here, path: \"" + folder.resolve("htpasswd")
                        + "\"}}\nhttp: {addr: \"" + host + "\"}\n");
        server = new ProcessBuilder(
                        "docker-registry",
                        "serve",
                        folder.resolve("registry.yml").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        for (long end = System.nanoTime() + PATIENCE.toNanos(); ; ) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return host;
            } catch (IOException e) {
                assertTrue(System.nanoTime() < end && server.isAlive(), "docker-registry does not start");
                server.waitFor(20, TimeUnit.MILLISECONDS);
            }
        }
    }

    @AfterEach
    void end() {
        if (server != null) {
            server.destroyForcibly().onExit().join();
        }
    }

    private void run(LoopbackClient client, String code, boolean succeeds) {
        JsonObject content = TestKernel.code(code);
        content.addProperty("allow_stdin", true);
        String id = client.send(Channel.SHELL, "execute_request", content);
        if (code.startsWith("docker login ") && !code.contains("stdin")) {
            for (String answer : List.of("me", PASSWORD)) {
                var question = client.receive(Channel.STDIN, PATIENCE);
                heard.append(question.content());
                assertEquals(
                        answer.equals(PASSWORD),
                        question.content().get("password").getAsBoolean());
                var reply = new JsonObject();
                reply.addProperty("value", answer);
                client.send(Channel.STDIN, "input_reply", reply);
            }
        }
        client.untilIdle(id, PATIENCE)
                .forEach(message -> heard.append(message.content()).append('\n'));
        var reply = client.receive(Channel.SHELL, PATIENCE);
        heard.append(reply.content()).append('\n');
        assertEquals(succeeds ? "ok" : "error", reply.content().get("status").getAsString(), code + ": " + heard);
    }

    @Test
    void stayNowhere() throws Exception {
        String host = serve();
        Path home = Files.createDirectories(folder.resolve("home"));
        Path context = Files.createDirectories(folder.resolve("given/context"));
        Files.copy(Path.of("/bin/busybox"), context.resolve("busybox"));
        Files.writeString(
                context.resolve("Dockerfile"),
                "FROM scratch\nCOPY busybox /bin/sh\nRUN --mount=type=secret,id=s test -s /run/secrets/s"
                        + " && { read x < /run/secrets/s; echo ${#x} > /length; }\n");
        Files.writeString(folder.resolve("given/secret"), SECRET);
        Files.writeString(folder.resolve("given/password"), PASSWORD);
        Map<String, String> environment = Map.of(
                "HOME", home.toString(),
                "LAYERBOOK_HOME", folder.resolve("store").toString(),
                "TMPDIR", Files.createDirectories(folder.resolve("tmp")).toString());
        Thread watch = Thread.ofPlatform().daemon().start(this::watchProcesses);
        Path kernelFolder = Files.createDirectories(folder.resolve("kernel"));
        try (var kernel = new KernelProcess(kernelFolder, KernelMain.class, environment).start();
                LoopbackClient client = kernel.connect()) {
            run(client, "docker pull " + host + "/app:1", false);
            run(client, "docker login " + host, true);
            run(
                    client,
                    "docker build --secret id=s,src=" + folder.resolve("given/secret") + " -t " + host + "/app:1 "
                            + context,
                    true);
            run(client, "docker push " + host + "/app:1", true);
            run(client, "docker rmi " + host + "/app:1\ndocker pull " + host + "/app:1", true);
            run(client, "docker history --no-trunc " + host + "/app:1\ndocker inspect " + host + "/app:1", true);
            run(client, "docker logout " + host, true);
            run(client, "docker push " + host + "/app:1", false);
            run(
                    client,
                    "cat " + folder.resolve("given/password") + " | docker login -u me --password-stdin " + host,
                    true);
            client.send(Channel.CONTROL, "shutdown_request", TestKernel.json("{\"restart\":false}"));
            client.receive(Channel.CONTROL, TestKernel.PATIENCE);
            assertEquals(0, kernel.exit());
        }
        watch.interrupt();
        watch.join();
        Path config = home.resolve(".docker/config.json");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(config)));
        assertTrue(Files.readString(config).contains(NEEDLES.getLast()), "as docker keeps a login without a helper");
        Files.delete(config);
        for (String needle : NEEDLES) {
            assertFalse(heard.toString().contains(needle), "said: " + needle);
            assertEquals(List.of(), filesWith(needle));
        }
        assertEquals(List.of(), seenInProcesses);
    }

    /** But those in {@code given}, and what the registry itself has. */
    private List<String> filesWith(String needle) throws IOException {
        var found = new ArrayList<String>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all::iterator) {
                if (Files.isRegularFile(file) && !file.startsWith(folder.resolve("given"))) {
                    if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(needle)) {
                        found.add(file.toString());
                    }
                }
            }
        }
        return found;
    }

    /** As {@code ps} would show them to anybody. */
    private void watchProcesses() {
        while (!Thread.currentThread().isInterrupted()) {
            try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
                processes
                        .filter(process -> process.getFileName().toString().matches("[0-9]+"))
                        .forEach(this::look);
                Thread.sleep(20);
            } catch (IOException | UncheckedIOException e) {
                // Processes come and go.
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void look(Path process) {
        for (String what : List.of("cmdline", "environ")) {
            try {
                String text = Files.readString(process.resolve(what), StandardCharsets.ISO_8859_1);
                NEEDLES.stream().filter(text::contains).forEach(needle -> seenInProcesses.add(what + ": " + text));
            } catch (IOException e) {
                // It has ended.
            }
        }
    }
}
