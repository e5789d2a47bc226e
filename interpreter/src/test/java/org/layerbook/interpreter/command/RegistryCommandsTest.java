package org.layerbook.interpreter.command;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.DirectHostCommands;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.Registries;
import org.layerbook.engine.registry.transfer.TransferListener;
import org.layerbook.engine.snapshot.SnapshotStores;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.testing.Golden;

/**
 * What the commands for registries print where there is no terminal, against a real registry. The words were compared with
 * those of the docker client 28 and a Docker Engine at the same registry.
 */
class RegistryCommandsTest {
    @TempDir
    Path temp;

    private Process server;
    private String host;

    @BeforeEach
    void serve() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/docker-registry")), "there is no docker-registry");
        int port;
        try (var free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        host = "127.0.0.1:" + port;
        Path config = temp.resolve("registry.yml");
        Files.writeString(
                config,
                "version: 0.1\nlog: {level: error}\nstorage: {filesystem: {rootdirectory: \"" + temp.resolve("data")
                        + "\"}}\nhttp: {addr: \"" + host + "\"}\n");
        server = new ProcessBuilder("docker-registry", "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("log").toFile())
                .start();
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20); ; ) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                break;
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

    private Registries registries(Store store, Snapshots snapshots) {
        return Registries.of(
                store,
                snapshots,
                Map.of(
                        "HOME",
                        temp.toString(),
                        "LAYERBOOK_MIRRORS",
                        "http://mirror.example:5000 quay.io=https://quay.example",
                        "LAYERBOOK_INSECURE_REGISTRIES",
                        "lab.example"),
                new DirectHostCommands(temp.resolve("host"), Map.of()));
    }

    /** From another machine: {@code multi:1}, an index of two images; {@code one:1}, an image. */
    private void fill() throws IOException {
        try (var store = Store.open(temp.resolve("elsewhere"), Identity.current())) {
            Snapshots snapshots = SnapshotStores.detect(store);
            try (Registries registries = registries(store, snapshots)) {
                var registry = registries.get();
                var images = List.of(image("amd64", store, snapshots), image("arm64", store, snapshots));
                registry.pushIndex(
                        images, Reference.parse(host + "/multi:1"), TransferListener.NONE, new Cancellation());
                Image one = image("ppc64le", store, snapshots);
                registry.push(one, Reference.parse(host + "/one:1"), TransferListener.NONE, new Cancellation());
            }
        }
    }

    private static Image image(String architecture, Store store, Snapshots snapshots) throws IOException {
        byte[] tar = tar(architecture);
        byte[] config = new ImageConfig(
                        new Platform("linux", architecture),
                        Optional.of("2026-01-01T00:00:00Z"),
                        Optional.empty(),
                        ContainerConfig.EMPTY.withEnv("ARCHITECTURE", architecture),
                        List.of(Digest.sha256(tar)),
                        List.of())
                .toJson();
        Layer unpacked = snapshots.unpack(Optional.empty(), Digest.sha256(tar), new ByteArrayInputStream(tar));
        var blob = new Descriptor(MediaTypes.OCI_LAYER, store.content().put(tar), tar.length);
        var layer = new Layer(unpacked.diffId(), unpacked.chainId(), unpacked.size(), Optional.of(blob));
        var image = new Image(Bytes.of(config), ImageConfig.parse(config), List.of(layer), Optional.empty());
        store.images().put(image);
        return image;
    }

    private static byte[] tar(String content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(out)) {
            var entry = new TarArchiveEntry("architecture");
            entry.setSize(content.length());
            entry.setLastModifiedTime(FileTime.fromMillis(0));
            tar.putArchiveEntry(entry);
            tar.write(content.getBytes(StandardCharsets.UTF_8));
            tar.closeArchiveEntry();
        }
        return out.toByteArray();
    }

    @Test
    void printsWhatDockerPrints() throws IOException {
        fill();
        var transcript = new StringBuilder();
        try (var world = new CommandWorld(temp, this::registries)) {
            for (String line : Files.readAllLines(Path.of("src/test/resources/registries/commands.txt"))) {
                if (!line.startsWith("$ docker ")) {
                    continue;
                }
                transcript.append(line).append('\n');
                String words = line.substring("$ docker ".length()).replace("REGISTRY", host);
                var ran = world.run(List.of(words.split(" ")), "");
                String text = inOrder(ran.stdout()) + ran.stderr();
                transcript.append(text).append(text.isEmpty() || text.endsWith("\n") ? "" : "\n");
                if (ran.status() != 0) {
                    transcript.append('[').append(ran.status()).append("]\n");
                }
            }
        }
        Golden.check("registries/commands.txt", transcript.toString().replace(host, "REGISTRY"));
    }

    @Test
    void infoTellsOfMirrors() throws IOException {
        try (var world = new CommandWorld(temp, this::registries)) {
            String text = world.run(List.of("info"), "").stdout();
            assertTrue(text.endsWith("""
                     Experimental: false
                     Insecure Registries:
                      lab.example
                      ::1/128
                      127.0.0.0/8
                     Registry Mirrors:
                      http://mirror.example:5000/
                    """), text);
        }
    }

    /** Layers are sent side by side, and told of as they arrive. */
    private static String inOrder(String text) {
        var lines = new ArrayList<String>();
        var arrived = new TreeSet<String>();
        for (String line : text.split("(?<=\n)")) {
            if (line.matches("[0-9a-f]{12}: (Layer already exists|Mounted from .*|Pushed)\n")) {
                arrived.add(line);
                continue;
            }
            lines.addAll(arrived);
            arrived.clear();
            lines.add(line);
        }
        lines.addAll(arrived);
        return String.join("", lines);
    }
}
