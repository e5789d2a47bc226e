package org.layerbook.engine.registry;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.archive.FakeSnapshots;
import org.layerbook.engine.archive.ImageArchives;
import org.layerbook.engine.archive.LoadResult;
import org.layerbook.engine.archive.TestTar;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.ImageBundler.Packed;
import org.layerbook.engine.registry.ImageBundler.Wanted;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.registry.transfer.TransferListener;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

class BundlerTest {
    private static final Platform AMD64 = new Platform("linux", "amd64");
    private static final Platform ARM64 = new Platform("linux", "arm64");
    private static final Identity OWNER = new Identity(0, "0 0 4294967295", "0 0 4294967295");

    @TempDir
    Path folder;

    /** A machine with a store of its own. */
    private final class Machine implements AutoCloseable {
        final FakeSnapshots snapshots = new FakeSnapshots();
        final Store store;
        final Registries registries;

        Machine(String name) throws IOException {
            store = Store.open(folder.resolve(name), OWNER);
            registries = Registries.of(
                    store, snapshots, Map.of("HOME", folder.resolve(name).toString()), new NoHost());
        }

        /** @param layers what is in the only file of each */
        Image image(Platform platform, String... layers) throws IOException {
            var built = new ArrayList<Layer>();
            Optional<Digest> parent = Optional.empty();
            for (String layer : layers) {
                built.add(snapshots.built(
                        parent,
                        new TestTar().file("etc/motd" + built.size(), layer).bytes()));
                parent = Optional.of(built.getLast().chainId());
            }
            byte[] config = new ImageConfig(
                            platform,
                            Optional.empty(),
                            Optional.empty(),
                            ContainerConfig.EMPTY,
                            built.stream().map(Layer::diffId).toList(),
                            List.of())
                    .toJson();
            var image = new Image(Bytes.of(config), ImageConfig.parse(config), built, Optional.empty());
            store.images().put(image);
            return image;
        }

        byte[] bundle(List<Wanted> images, Optional<Platform> only) throws IOException {
            var out = new ByteArrayOutputStream();
            packed = bundler().write(images, only, () -> out);
            return out.toByteArray();
        }

        ImageBundler bundler() {
            return new ImageBundler(store, snapshots, registries, TransferListener.NONE, new Cancellation());
        }

        List<Packed> packed = List.of();

        List<LoadResult> load(byte[] bundle, Platform platform) throws IOException {
            return new ImageArchives(store, snapshots).load(new ByteArrayInputStream(bundle), platform);
        }

        @Override
        public void close() throws IOException {
            registries.close();
            store.close();
        }
    }

    private static Wanted remote(Reference name) {
        return new Wanted(Optional.of(name), Optional.empty());
    }

    private static List<String> members(byte[] tar) throws IOException {
        var names = new ArrayList<String>();
        try (var in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names;
    }

    @Test
    void everyPlatformOfAnIndexWithoutUnpackingAny() throws Exception {
        assumeTrue(DebianRegistry.isThere("docker-registry"), "docker-registry is not installed");
        byte[] bundle;
        Digest amd64;
        Digest arm64;
        try (var server = new DebianRegistry(folder.resolve("registry"), "", "");
                var teacher = new Machine("teacher");
                var other = new Machine("other")) {
            Reference name = Reference.parse(server.host() + "/multi:1");
            Image one = teacher.image(AMD64, "for both", "for amd64");
            Image two = teacher.image(ARM64, "for both", "for arm64");
            amd64 = one.id();
            arm64 = two.id();
            teacher.registries.get().pushIndex(List.of(one, two), name, TransferListener.NONE, new Cancellation());
            bundle = other.bundle(List.of(remote(name)), Optional.empty());
            assertEquals(List.of(AMD64, ARM64), other.packed.getFirst().platforms());
            assertEquals(0, other.store.images().count(1), "nothing is listed");
            assertEquals(0, other.snapshots.list().size(), "nothing is unpacked");
            assertArrayEquals(bundle, other.bundle(List.of(remote(name)), Optional.empty()), "twice the same");
            assertEquals(members(bundle).stream().distinct().toList(), members(bundle), "each blob once");
            // One layer for both, two that differ, two configs, two manifests, one index.
            assertEquals(
                    8,
                    members(bundle).stream()
                            .filter(member -> member.matches("blobs/sha256/.+"))
                            .count());
            byte[] half = other.bundle(List.of(remote(name)), Optional.of(ARM64));
            assertEquals(List.of(ARM64), other.packed.getFirst().platforms());
            assertTrue(half.length < bundle.length);
            var refused = assertThrows(
                    RegistryException.class,
                    () -> other.bundle(List.of(remote(name)), Optional.of(new Platform("linux", "s390x"))));
            assertTrue(refused.getMessage().contains("no image for linux/s390x"), refused.getMessage());
        }
        for (Platform platform : List.of(AMD64, ARM64)) {
            try (var student = new Machine("student-" + platform.architecture())) {
                List<LoadResult> loaded = student.load(bundle, platform);
                assertEquals(1, loaded.size());
                assertEquals(
                        platform.equals(AMD64) ? amd64 : arm64,
                        loaded.getFirst().image().id());
                assertEquals(1, loaded.getFirst().names().size());
                assertEquals(1, student.store.images().list().size());
                assertEquals(List.of(), student.store.verify(student.snapshots.collectable()));
            }
        }
    }

    @Test
    void whatAPullOfOnePlatformLeftOutIsFetched() throws Exception {
        assumeTrue(DebianRegistry.isThere("docker-registry"), "docker-registry is not installed");
        try (var server = new DebianRegistry(folder.resolve("registry"), "", "");
                var teacher = new Machine("teacher");
                var other = new Machine("other")) {
            Reference name = Reference.parse(server.host() + "/multi:1");
            teacher.registries
                    .get()
                    .pushIndex(
                            List.of(teacher.image(AMD64, "amd64"), teacher.image(ARM64, "arm64")),
                            name,
                            TransferListener.NONE,
                            new Cancellation());
            Image here = other.registries
                    .get()
                    .pull(name, Optional.of(AMD64), TransferListener.NONE, new Cancellation())
                    .image();
            var wanted = List.of(new Wanted(Optional.of(name), Optional.of(here)));
            other.bundle(wanted, Optional.of(AMD64));
            assertEquals(List.of(AMD64), other.packed.getFirst().platforms());
            other.bundle(wanted, Optional.empty());
            assertEquals(List.of(AMD64, ARM64), other.packed.getFirst().platforms());
        }
    }

    @Test
    void severalOfTheStoreShareLayersAndKeepTheirNames() throws Exception {
        try (var teacher = new Machine("teacher");
                var student = new Machine("student")) {
            Image base = teacher.image(AMD64, "base");
            Image app = teacher.image(AMD64, "base", "app");
            var names = List.of(Reference.parse("base:1"), Reference.parse("app:1"), Reference.parse("app:2"));
            byte[] bundle = teacher.bundle(
                    List.of(
                            new Wanted(Optional.of(names.get(0)), Optional.of(base)),
                            new Wanted(Optional.of(names.get(1)), Optional.of(app)),
                            new Wanted(Optional.of(names.get(2)), Optional.of(app))),
                    Optional.empty());
            assertEquals(members(bundle).stream().distinct().toList(), members(bundle), "each blob once");
            student.load(bundle, AMD64);
            for (Reference name : names) {
                assertTrue(student.store.names().get(name).isPresent(), name.familiar());
            }
            var refused = assertThrows(
                    RegistryException.class,
                    () -> teacher.bundle(
                            List.of(new Wanted(Optional.of(names.get(0)), Optional.of(base))), Optional.of(ARM64)));
            assertTrue(refused.getMessage().contains("base:1 has no image for linux/arm64"), refused.getMessage());
        }
    }

    @Test
    void skopeoCopiesAllOfIt() throws Exception {
        assumeTrue(
                DebianRegistry.isThere("docker-registry") && DebianRegistry.isThere("skopeo"),
                "docker-registry and skopeo are not installed");
        try (var server = new DebianRegistry(folder.resolve("registry"), "", "");
                var teacher = new Machine("teacher")) {
            Reference name = Reference.parse(server.host() + "/multi:1");
            PushResult pushed = teacher.registries
                    .get()
                    .pushIndex(
                            List.of(teacher.image(AMD64, "amd64"), teacher.image(ARM64, "arm64")),
                            name,
                            TransferListener.NONE,
                            new Cancellation());
            Path file = folder.resolve("bundle.tar");
            Files.write(file, teacher.bundle(List.of(remote(name)), Optional.empty()));
            String copy = server.host() + "/copy:1";
            DebianRegistry.run(
                    folder,
                    "skopeo",
                    "copy",
                    "-q",
                    "--all",
                    "--dest-tls-verify=false",
                    "oci-archive:" + file + ":1",
                    "docker://" + copy);
            Registry.Found found = teacher.registries.get().manifest(Reference.parse(copy), new Cancellation());
            assertEquals(pushed.digest(), found.digest());
        }
    }
}
