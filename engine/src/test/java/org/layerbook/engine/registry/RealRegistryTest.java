package org.layerbook.engine.registry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.archive.FakeSnapshots;
import org.layerbook.engine.archive.TestTar;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.sandbox.Cancellation;
import org.layerbook.engine.store.Bytes;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Image;
import org.layerbook.engine.store.Store;

/** Debian's docker-registry between us and skopeo: what one side pushes, the other gets, with the same digests. */
class RealRegistryTest {
    private static final Platform AMD64 = new Platform("linux", "amd64");

    @TempDir
    Path folder;

    private Process server;
    private String host;
    private Store store;
    private final FakeSnapshots snapshots = new FakeSnapshots();
    private Registry registry;

    @BeforeEach
    void serve() throws Exception {
        assumeTrue(isThere("docker-registry") && isThere("skopeo"), "docker-registry and skopeo are not installed");
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        host = "127.0.0.1:" + port;
        Path config = folder.resolve("registry.yml");
        Files.writeString(
                config,
                "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: " + folder.resolve("data")
                        + "}}\nhttp: {addr: \"" + host + "\"}\n");
        server = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        awaitPort(port);
        store = Store.open(folder.resolve("store"), new Identity(0, "0 0 4294967295", "0 0 4294967295"));
        registry = open();
    }

    private Registry open() {
        Map<String, String> environment = Map.of("HOME", folder.toString());
        return new Registry(
                store,
                snapshots,
                RegistrySettings.DEFAULT,
                new CredentialStore(environment, new NoHost()),
                environment);
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

    @AfterEach
    void end() throws Exception {
        if (registry != null) {
            registry.close();
            store.close();
        }
        if (server != null) {
            server.destroyForcibly().waitFor();
        }
    }

    private static boolean isThere(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
    }

    private String skopeo(String... words) throws Exception {
        var command = new java.util.ArrayList<String>(List.of("skopeo"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Where a login made no XDG_RUNTIME_DIR, skopeo looks below /run, which an ordinary user may not read.
        builder.environment().put("XDG_RUNTIME_DIR", folder.toString());
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), out);
        return out.strip();
    }

    private Image built(String text) throws IOException {
        byte[] tar = new TestTar().file("etc/motd", text).bytes();
        byte[] config = new ImageConfig(
                        AMD64,
                        Optional.empty(),
                        Optional.empty(),
                        ContainerConfig.EMPTY,
                        List.of(Digest.sha256(tar)),
                        List.of())
                .toJson();
        var image = new Image(
                Bytes.of(config),
                ImageConfig.parse(config),
                List.of(snapshots.built(Optional.empty(), tar)),
                Optional.empty());
        store.images().put(image);
        return image;
    }

    @Test
    void whatWePushSkopeoCopiesAndWePullAgain() throws Exception {
        Image image = built("round trip\n");
        Reference here = Reference.parse(host + "/a/first:1");
        Pushed pushed = registry.push(image, here, TransferListener.NONE, new Cancellation());
        String digest = skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", "docker://" + here);
        assertEquals(pushed.digest().toString(), digest);
        for (String format : List.of("oci", "v2s2")) {
            String copy = host + "/b/" + format + ":1";
            skopeo(
                    "copy",
                    "-q",
                    "--format",
                    format,
                    "--src-tls-verify=false",
                    "--dest-tls-verify=false",
                    "docker://" + here,
                    "docker://" + copy);
            Pulled pulled =
                    registry.pull(Reference.parse(copy), Optional.of(AMD64), TransferListener.NONE, new Cancellation());
            assertEquals(image.config().diffIds(), pulled.image().config().diffIds());
            assertEquals(
                    skopeo("inspect", "--tls-verify=false", "--format", "{{.Digest}}", "docker://" + copy),
                    pulled.digest().toString());
        }
        assertEquals(List.of(), store.verify(snapshots.collectable()));
    }

    @Test
    void aLayerOfAnotherRepositoryIsMounted() throws Exception {
        Image image = built("mounted\n");
        registry.push(image, Reference.parse(host + "/a/first:1"), TransferListener.NONE, new Cancellation());
        var mounted = new java.util.concurrent.CopyOnWriteArrayList<String>();
        registry.push(
                image,
                Reference.parse(host + "/c/second:1"),
                event -> {
                    if (event instanceof TransferEvent.Mounted from) {
                        mounted.add(from.from());
                    }
                },
                new Cancellation());
        assertEquals(List.of("a/first"), mounted);
    }

    @Test
    void everyTagIsListed() throws Exception {
        Image image = built("tags\n");
        for (String tag : List.of("1", "2", "x")) {
            registry.push(image, Reference.parse(host + "/tags:" + tag), TransferListener.NONE, new Cancellation());
        }
        List<String> tags = registry.tags(Reference.parse(host + "/tags"), new Cancellation());
        assertTrue(tags.containsAll(List.of("1", "2", "x")) && tags.size() == 3, tags.toString());
    }
}
