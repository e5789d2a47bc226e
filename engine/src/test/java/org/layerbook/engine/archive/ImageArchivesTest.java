package org.layerbook.engine.archive;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.layerbook.engine.archive.ImageArchives.Saved;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

class ImageArchivesTest {
    private static final Identity IDENTITY = new Identity(0, "0 0 4294967295", "0 0 4294967295");
    private static final Platform AMD64 = new Platform("linux", "amd64");

    @TempDir
    Path folder;

    private Store store;
    private final FakeSnapshots snapshots = new FakeSnapshots();
    private ImageArchives archives;

    @BeforeEach
    void open() throws IOException {
        store = Store.open(folder.resolve("store"), IDENTITY);
        archives = new ImageArchives(store, snapshots);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private static byte[] config(Platform platform, byte[]... layers) {
        var diffIds = new ArrayList<Digest>();
        for (byte[] layer : layers) {
            diffIds.add(Digest.sha256(layer));
        }
        return new ImageConfig(
                        platform,
                        Optional.of("2026-01-02T03:04:05Z"),
                        Optional.empty(),
                        ContainerConfig.EMPTY,
                        diffIds,
                        List.of())
                .toJson();
    }

    /** An image as a build leaves it: layers without blobs. */
    private Image built(byte[]... tars) throws IOException {
        var layers = new ArrayList<Layer>();
        Optional<Digest> parent = Optional.empty();
        for (byte[] tar : tars) {
            Layer layer = snapshots.built(parent, tar);
            layers.add(layer);
            parent = Optional.of(layer.chainId());
        }
        byte[] config = config(AMD64, tars);
        var image = new Image(Bytes.of(config), ImageConfig.parse(config), layers, Optional.empty());
        store.images().put(image);
        return image;
    }

    private byte[] save(Saved... images) throws IOException {
        var out = new ByteArrayOutputStream();
        archives.save(List.of(images), out);
        return out.toByteArray();
    }

    private List<LoadResult> load(byte[] archive) throws IOException {
        return archives.load(new ByteArrayInputStream(archive), AMD64);
    }

    private static List<Reference> names(String... names) {
        return Arrays.stream(names).map(Reference::parse).toList();
    }

    private static List<String> loadedNames(List<LoadResult> loaded) {
        return loaded.stream()
                .map(l -> l.names().stream().map(Reference::familiar).toList().toString())
                .toList();
    }

    @Test
    void whatIsSavedIsLoadedWithTheSameId() throws IOException {
        Image a = built(TestTar.layer("base"), TestTar.layer("a"));
        Image b = built(TestTar.layer("base"), TestTar.layer("b"));
        byte[] archive = save(
                new Saved(a, names("web:1", "reg.io/web:2")), new Saved(b, List.of()), new Saved(a, names("web:3")));
        assertArrayEquals(
                archive,
                save(
                        new Saved(a, names("web:1", "reg.io/web:2")),
                        new Saved(b, List.of()),
                        new Saved(a, names("web:3"))));

        var others = new FakeSnapshots();
        try (Store other = Store.open(folder.resolve("other"), IDENTITY)) {
            var loaded = new ImageArchives(other, others).load(new ByteArrayInputStream(archive), AMD64);
            assertEquals(
                    List.of(a.id(), b.id()),
                    loaded.stream().map(l -> l.image().id()).toList());
            assertEquals(List.of("[web:1, reg.io/web:2, web:3]", "[]"), loadedNames(loaded));
            assertEquals(List.of(), other.verify(others));
            assertEquals(3, others.count());
            assertArrayEquals(TestTar.layer("a"), others.tar(a.chainId().orElseThrow()));
            var again = new ByteArrayOutputStream();
            new ImageArchives(other, others)
                    .save(
                            List.of(
                                    new Saved(loaded.get(0).image(), names("web:1", "reg.io/web:2", "web:3")),
                                    new Saved(loaded.get(1).image(), List.of())),
                            again);
            assertArrayEquals(archive, again.toByteArray());
        }
    }

    @Test
    void aSavedArchiveIsBothDockersAndAnImageLayout() throws IOException {
        Image image = built(TestTar.layer("a"));
        Map<String, byte[]> files = TestTar.read(save(new Saved(image, names("web:1"))));
        Image packed = store.images().get(image.id()).orElseThrow();
        String blob = packed.layers().getFirst().blob().orElseThrow().digest().hex();
        assertEquals(
                List.of(
                        "oci-layout",
                        "index.json",
                        "manifest.json",
                        "blobs/",
                        "blobs/sha256/",
                        "blobs/sha256/"
                                + packed.manifest().orElseThrow().digest().hex(),
                        "blobs/sha256/" + image.id().hex(),
                        "blobs/sha256/" + blob),
                List.copyOf(files.keySet()));
        assertEquals(
                "[{\"Config\":\"blobs/sha256/" + image.id().hex()
                        + "\",\"RepoTags\":[\"web:1\"],\"Layers\":[\"blobs/sha256/" + blob + "\"]}]",
                new String(files.get("manifest.json"), StandardCharsets.UTF_8));
        Index index = Index.parse(files.get("index.json"));
        assertEquals(
                Map.of("io.containerd.image.name", "docker.io/library/web:1", "org.opencontainers.image.ref.name", "1"),
                index.manifests().getFirst().annotations());
        try (var in = new GZIPInputStream(new ByteArrayInputStream(files.get("blobs/sha256/" + blob)))) {
            assertArrayEquals(TestTar.layer("a"), in.readAllBytes());
        }
    }

    @Test
    void aLayerIsCompressedOnce() throws IOException {
        Image a = built(TestTar.layer("base"), TestTar.layer("a"));
        save(new Saved(a, List.of()));
        save(new Saved(a, List.of()));
        save(new Saved(store.images().get(a.id()).orElseThrow(), List.of()));
        save(new Saved(built(TestTar.layer("base"), TestTar.layer("b")), List.of()));
        assertEquals(3, snapshots.log.size(), snapshots.log::toString);
        assertEquals(List.of(), store.verify(snapshots));
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void oldDockerArchivesInAnyCompression(Compression compression) throws IOException {
        byte[] base = TestTar.layer("base");
        byte[] top = TestTar.layer("top");
        byte[] one = config(AMD64, base);
        byte[] two = config(AMD64, base, top);
        byte[] archive = new TestTar()
                .special("a/", TarConstants.LF_DIR, "")
                .file("a/VERSION", "1.0")
                .file("a/layer.tar", TestTar.compress(base, compression))
                .special("b/layer.tar", TarConstants.LF_SYMLINK, "../a/layer.tar")
                .file("./c/layer.tar", top)
                .file("config.json", one)
                .file(Digest.sha256(two).hex() + ".json", two)
                .file("manifest.json", """
                        [{"Config":"config.json","RepoTags":["one:1","one:2"],"Layers":["a/layer.tar"]},
                         {"Config":"%s.json","RepoTags":null,"Layers":["b/layer.tar","c/layer.tar"]}]
                        """.formatted(Digest.sha256(two).hex()))
                .bytes();
        List<LoadResult> loaded = load(TestTar.compress(archive, compression));
        assertEquals(List.of("[one:1, one:2]", "[]"), loadedNames(loaded));
        assertEquals(Digest.sha256(two), loaded.get(1).image().id());
        assertEquals(
                compression.layerType().orElse(MediaTypes.OCI_LAYER_GZIP),
                loaded.get(0).image().layers().getFirst().blob().orElseThrow().mediaType());
        assertEquals(2, snapshots.log.size(), snapshots.log::toString);
        assertEquals(List.of(), store.verify(snapshots));
        assertEquals(List.of("[one:1, one:2]", "[]"), loadedNames(load(archive)));
        assertEquals(2, snapshots.log.size(), "what is there is not unpacked again");
    }

    /** This config was compared with the one that docker 20.10 makes when it loads such files. */
    @Test
    void archivesOlderThanDocker110() throws IOException {
        byte[] base = TestTar.layer("base");
        byte[] top = TestTar.layer("top");
        byte[] archive = new TestTar()
                .file("repositories", "{\"old\":{\"1\":\"b\"},\"reg.io/old\":{\"2\":\"b\"}}")
                .file("a/json", "{\"id\":\"a\",\"created\":\"2015-01-01T00:00:00Z\"}")
                .file("a/layer.tar", base)
                .file("b/json", """
                        {"id":"b", "parent":"a", "created":"2015-01-02T00:00:00Z", "os":"linux", "architecture":"amd64", "docker_version":"1.9.1",
                         "container_config": {"Cmd": ["/bin/sh", "-c", "a && b"]}, "author": "A <b>", "Size": 1,
                         "config": {"Env": ["A=<b> \\" c"], "Memory": 1.50}}""")
                .file("b/layer.tar", top)
                .bytes();
        List<LoadResult> loaded = load(archive);
        assertEquals(List.of("[old:1, reg.io/old:2]"), loadedNames(loaded));
        String config = new String(loaded.getFirst().image().configBytes().toArray(), StandardCharsets.UTF_8);
        assertEquals(
                "{\"architecture\":\"amd64\",\"author\":\"A \\u003cb\\u003e\",\"config\":{\"Env\":[\"A=\\u003cb\\u003e \\\" c\"],"
                        + "\"Memory\":1.50},\"container_config\":{\"Cmd\":[\"/bin/sh\",\"-c\",\"a \\u0026\\u0026 b\"]},"
                        + "\"created\":\"2015-01-02T00:00:00Z\",\"docker_version\":\"1.9.1\",\"history\":[{\"created\":\"2015-01-01T00:00:00Z\"},"
                        + "{\"created\":\"2015-01-02T00:00:00Z\",\"author\":\"A \\u003cb\\u003e\","
                        + "\"created_by\":\"/bin/sh -c a \\u0026\\u0026 b\"}],\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\","
                        + "\"diff_ids\":[\"" + Digest.sha256(base) + "\",\"" + Digest.sha256(top) + "\"]}}",
                config);
    }

    /** An image layout with one image, whose index is given. */
    private static TestTar layout(byte[] config, byte[] layer, byte[] manifest) throws IOException {
        return new TestTar()
                .file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}")
                .blob(config)
                .blob(TestTar.compress(layer, Compression.GZIP))
                .blob(manifest);
    }

    private static byte[] manifest(byte[] config, byte[] layer) throws IOException {
        byte[] blob = TestTar.compress(layer, Compression.GZIP);
        return Manifest.of(
                        new Descriptor(MediaTypes.OCI_CONFIG, Digest.sha256(config), config.length),
                        List.of(new Descriptor(MediaTypes.OCI_LAYER_GZIP, Digest.sha256(blob), blob.length)))
                .toJson();
    }

    private static Descriptor entry(String type, byte[] content, Map<String, String> annotations, Platform platform) {
        return new Descriptor(type, Digest.sha256(content), content.length, annotations, Optional.ofNullable(platform));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "io.containerd.image.name | docker.io/library/busybox:latest | [busybox:latest]",
                "org.opencontainers.image.ref.name | docker.io/library/busybox:latest | [busybox:latest]",
                "org.opencontainers.image.ref.name | reg.io/x/y | [reg.io/x/y:latest]",
                "org.opencontainers.image.ref.name | name:1 | [name:1]",
                "org.opencontainers.image.ref.name | latest | []",
                "org.opencontainers.image.ref.name | NAME:1 | []",
                "other | x:1 | []",
            })
    void namesInAnImageLayout(String annotation, String value, String names) throws IOException {
        byte[] layer = TestTar.layer("x");
        byte[] config = config(AMD64, layer);
        byte[] manifest = manifest(config, layer);
        Index index = Index.of(List.of(entry(MediaTypes.OCI_MANIFEST, manifest, Map.of(annotation, value), null)));
        byte[] archive = layout(config, layer, manifest)
                .file("index.json", index.toJson())
                .bytes();
        List<LoadResult> loaded = load(archive);
        assertEquals(List.of(names), loadedNames(loaded));
        assertEquals(
                Digest.sha256(manifest),
                loaded.getFirst().image().manifest().orElseThrow().digest());
        assertEquals(List.of(), store.verify(snapshots));
    }

    @Test
    void anImageLayoutInAFolderAndAPackedFolder() throws IOException {
        byte[] layer = TestTar.layer("x");
        byte[] config = config(AMD64, layer);
        byte[] manifest = manifest(config, layer);
        Index index = Index.of(List.of(
                entry(MediaTypes.OCI_MANIFEST, manifest, Map.of("io.containerd.image.name", "a.io/x:1"), AMD64)));
        byte[] archive = layout(config, layer, manifest)
                .file("index.json", index.toJson())
                .bytes();
        var packed = new TestTar();
        for (var file : TestTar.read(archive).entrySet()) {
            Path path = folder.resolve("layout").resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
            packed.file("layout/" + file.getKey(), file.getValue());
        }
        assertEquals(List.of("[a.io/x:1]"), loadedNames(archives.load(folder.resolve("layout"), AMD64)));
        assertEquals(List.of("[a.io/x:1]"), loadedNames(load(packed.bytes())));
        Path file = Files.write(folder.resolve("layout.tar"), archive);
        assertEquals(List.of("[a.io/x:1]"), loadedNames(archives.load(file, AMD64)));

        Files.delete(folder.resolve("layout/index.json"));
        Files.createSymbolicLink(folder.resolve("layout/index.json"), file);
        var e = assertThrows(ArchiveException.class, () -> archives.load(folder.resolve("layout"), AMD64));
        assertTrue(
                e.getMessage().startsWith("invalid image layout: index.json is outside the directory"), e.getMessage());
    }

    @Test
    void ofSeveralPlatformsTheOneThatSuits() throws IOException {
        byte[] layer = TestTar.layer("x");
        var arm = new Platform("linux", "arm64");
        byte[] armConfig = config(arm, layer);
        byte[] amdConfig = config(AMD64, layer);
        byte[] armManifest = manifest(armConfig, layer);
        byte[] amdManifest = manifest(amdConfig, layer);
        byte[] nested = Index.of(List.of(
                        entry(MediaTypes.OCI_MANIFEST, armManifest, Map.of(), arm),
                        entry(MediaTypes.OCI_MANIFEST, amdManifest, Map.of(), AMD64),
                        entry(
                                MediaTypes.OCI_MANIFEST,
                                new byte[] {1},
                                Map.of("vnd.docker.reference.type", "attestation-manifest"),
                                new Platform("unknown", "unknown"))))
                .toJson();
        Index index = Index.of(List.of(entry(
                MediaTypes.OCI_INDEX, nested, Map.of("io.containerd.image.name", "docker.io/library/m:1"), null)));
        byte[] archive = layout(amdConfig, layer, amdManifest)
                .blob(armConfig)
                .blob(armManifest)
                .blob(nested)
                .file("index.json", index.toJson())
                .bytes();
        assertEquals(Digest.sha256(amdConfig), load(archive).getFirst().image().id());
        assertEquals(
                Digest.sha256(armConfig),
                archives.load(new ByteArrayInputStream(archive), arm)
                        .getFirst()
                        .image()
                        .id());
        var e = assertThrows(
                ArchiveException.class,
                () -> archives.load(new ByteArrayInputStream(archive), new Platform("linux", "s390x")));
        assertEquals("the archive has no image for linux/s390x, only for linux/arm64, linux/amd64", e.getMessage());
    }

    @Test
    void aNameThatMovesIsTold() throws IOException {
        Image before = built(TestTar.layer("before"));
        store.names().set(Reference.parse("web:1"), before.id());
        Image next = built(TestTar.layer("next"));
        byte[] archive = save(new Saved(next, names("web:1")));
        assertEquals(
                Map.of(Reference.parse("web:1"), before.id()),
                load(archive).getFirst().replaced());
        assertEquals(Map.of(), load(archive).getFirst().replaced());
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aRootFileSystemIsImported(Compression compression) throws IOException {
        byte[] tar = TestTar.layer("etc/passwd");
        LoadResult loaded = archives.importRoot(
                new ByteArrayInputStream(TestTar.compress(tar, compression)),
                ContainerConfig.EMPTY.withCmd(Optional.of(List.of("sh"))),
                "Imported from -",
                AMD64,
                Optional.of(Reference.parse("root")));
        Image image = store.images().get(loaded.image().id()).orElseThrow();
        assertEquals(loaded.image(), image);
        assertEquals(List.of(Digest.sha256(tar)), image.config().diffIds());
        assertEquals(Optional.of(List.of("sh")), image.config().config().cmd());
        assertEquals(
                Optional.of("Imported from -"),
                image.config().history().getFirst().comment());
        assertEquals(
                image.config().created(), image.config().history().getFirst().created());
        assertEquals(
                new Images.Resolution.Found(image.id(), Optional.of(Reference.parse("root:latest"))),
                store.images().resolve("root"));
        assertEquals(List.of(), store.verify(snapshots));
    }

    @Test
    void nothingIsNoRootFileSystem() {
        var e = assertThrows(
                ArchiveException.class,
                () -> archives.importRoot(
                        new ByteArrayInputStream(new byte[0]), ContainerConfig.EMPTY, "", AMD64, Optional.empty()));
        assertEquals("nothing to import: the input is empty", e.getMessage());
    }
}
