package org.layerbook.engine.archive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.Store;

/** Archives that nobody should make: each is refused with a sentence, and leaves nothing in the store. */
class HostileArchiveTest {
    private static final Platform AMD64 = new Platform("linux", "amd64");

    @TempDir
    Path folder;

    private Store store;
    private final FakeSnapshots snapshots = new FakeSnapshots();

    @BeforeEach
    void open() throws IOException {
        store = Store.open(folder.resolve("store"), new Identity(0, "0 0 4294967295", "0 0 4294967295"));
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String configOf(Digest... diffIds) {
        return "{\"architecture\":\"amd64\",\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["
                + String.join(
                        ",", Arrays.stream(diffIds).map(d -> "\"" + d + "\"").toList()) + "]}}";
    }

    private static TestTar docker(String config, String... layers) throws IOException {
        return new TestTar()
                .file("c.json", config)
                .file(
                        "manifest.json",
                        "[{\"Config\":\"c.json\",\"RepoTags\":[\"x:1\"],\"Layers\":["
                                + String.join(
                                        ",",
                                        Arrays.stream(layers)
                                                .map(l -> "\"" + l + "\"")
                                                .toList()) + "]}]");
    }

    private static String index(String type, String digest, long size) {
        return "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"" + type + "\",\"digest\":\"" + digest
                + "\",\"size\":" + size + "}]}";
    }

    static List<Arguments> hostile() throws IOException {
        byte[] layer = TestTar.layer("x");
        Digest diffId = Digest.sha256(layer);
        String hex = diffId.hex();
        String oci = "application/vnd.oci.image.manifest.v1+json";
        var cases = new ArrayList<Arguments>();
        cases.add(Arguments.of("not a tar archive", bytes("hello, this is no archive\n".repeat(100))));
        cases.add(Arguments.of("not a tar archive", bytes("short")));
        cases.add(Arguments.of("the archive is empty", new byte[0]));
        cases.add(Arguments.of("the archive is empty", new TestTar().bytes()));
        cases.add(Arguments.of(
                "not an image archive: it has neither",
                new TestTar().file("etc/passwd", "x").bytes()));
        cases.add(Arguments.of(
                "invalid archive: path outside the archive: ../../etc/passwd",
                docker(configOf()).file("../../etc/passwd", "x").bytes()));
        cases.add(Arguments.of(
                "invalid archive: path outside the archive: /etc/passwd",
                docker(configOf()).file("/etc/passwd", "x").bytes()));
        cases.add(Arguments.of(
                "invalid archive: path outside the archive: ../../etc/passwd",
                docker(configOf(diffId), "a/layer.tar")
                        .special("a/layer.tar", TarConstants.LF_SYMLINK, "../../etc/passwd")
                        .bytes()));
        cases.add(Arguments.of(
                "invalid archive: path outside the archive: /etc/passwd",
                docker(configOf(diffId), "l")
                        .special("l", TarConstants.LF_LINK, "/etc/passwd")
                        .bytes()));
        cases.add(Arguments.of(
                "invalid archive: l is a circular link",
                docker(configOf(diffId), "l")
                        .special("l", TarConstants.LF_SYMLINK, "m")
                        .special("m", TarConstants.LF_SYMLINK, "l")
                        .bytes()));
        cases.add(Arguments.of(
                "invalid archive: dev is not a file, directory or link",
                docker(configOf()).special("dev", TarConstants.LF_BLK, "").bytes()));
        cases.add(Arguments.of(
                "invalid archive: two different files are named l",
                docker(configOf(diffId), "l")
                        .file("l", layer)
                        .file("./l", "other")
                        .bytes()));
        cases.add(Arguments.of(
                "invalid archive: two different files are named l",
                docker(configOf(diffId), "l")
                        .file("l", layer)
                        .special("l", TarConstants.LF_SYMLINK, "c.json")
                        .bytes()));
        cases.add(Arguments.of(
                "the archive has no missing/layer.tar, which its manifest.json lists",
                docker(configOf(diffId), "missing/layer.tar").bytes()));
        cases.add(Arguments.of(
                "invalid archive: path outside the archive: ../../../etc/passwd",
                docker(configOf(diffId), "../../../etc/passwd").bytes()));
        cases.add(Arguments.of(
                "cannot load x:1: layer digest mismatch: got " + diffId + ", expected sha256:" + "0".repeat(64),
                docker(configOf(new Digest("sha256", "0".repeat(64))), "l")
                        .file("l", layer)
                        .bytes()));
        cases.add(Arguments.of(
                "cannot load x:1: its config has 2 diff IDs, but its manifest has 1 layers",
                docker(configOf(diffId, diffId), "l").file("l", layer).bytes()));
        cases.add(Arguments.of(
                "cannot load x:1: its operating system is windows, not linux",
                docker(configOf(diffId).replace("linux", "windows"), "l")
                        .file("l", layer)
                        .bytes()));
        cases.add(Arguments.of(
                "image config: line 1", docker("{", "l").file("l", layer).bytes()));
        cases.add(Arguments.of(
                "manifest.json: [0]: invalid tag \"X:1\"",
                new TestTar()
                        .file("c.json", configOf())
                        .file("manifest.json", "[{\"Config\":\"c.json\",\"RepoTags\":[\"X:1\"],\"Layers\":[]}]")
                        .bytes()));
        cases.add(Arguments.of(
                "manifest.json: expected an array, found an object",
                new TestTar().file("manifest.json", "{}").bytes()));
        cases.add(Arguments.of(
                "the archive has no images",
                new TestTar().file("manifest.json", "[]").bytes()));
        cases.add(Arguments.of(
                "invalid archive: digest mismatch for " + hex + ".json: got ",
                new TestTar()
                        .file(hex + ".json", configOf())
                        .file("manifest.json", "[{\"Config\":\"" + hex + ".json\"}]")
                        .bytes()));
        cases.add(Arguments.of(
                "the archive has no blobs/sha256/" + hex + ", which one of its images needs",
                new TestTar()
                        .file("index.json", index(oci, diffId.toString(), 3))
                        .bytes()));
        cases.add(Arguments.of(
                "invalid archive: blobs/sha256/" + hex + " has 5 bytes, not 3",
                new TestTar()
                        .file("index.json", index(oci, diffId.toString(), 3))
                        .file("blobs/sha256/" + hex, "12345")
                        .bytes()));
        cases.add(Arguments.of(
                "invalid archive: digest mismatch for blobs/sha256/" + hex + ": got ",
                new TestTar()
                        .file("index.json", index(oci, diffId.toString(), 5))
                        .file("blobs/sha256/" + hex, "12345")
                        .bytes()));
        cases.add(Arguments.of(
                "image index: manifests[0].digest: invalid digest: sha256:../../x",
                new TestTar()
                        .file("index.json", index(oci, "sha256:../../x", 5))
                        .bytes()));
        cases.add(Arguments.of(
                "the archive contains something of type text/plain, not an image",
                new TestTar()
                        .file("index.json", index("text/plain", diffId.toString(), layer.length))
                        .blob(layer)
                        .bytes()));
        cases.add(Arguments.of(
                "invalid archive: the layers of a form a cycle",
                new TestTar()
                        .file("repositories", "{\"x\":{\"1\":\"a\"}}")
                        .file("a/json", "{\"id\":\"a\",\"parent\":\"a\"}")
                        .file("a/layer.tar", layer)
                        .bytes()));
        cases.add(Arguments.of(
                "cannot unpack l from the archive: it has 1152921504606846976 bytes, which is more than the free space",
                docker(configOf(diffId), "l").endingInHeader("l", TarConstants.LF_NORMAL, 1L << 60)));
        byte[] longName = docker(configOf(diffId), "l")
                .endingInHeader("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME, 1L << 40);
        cases.add(Arguments.of(
                "invalid tar: extended header of 1099511627776 bytes",
                Arrays.copyOf(longName, longName.length + (5 << 20))));
        byte[] whole =
                docker(configOf(diffId), "l").file("l", new byte[100_000]).bytes();
        cases.add(Arguments.of("the tar ends in the middle of a member", Arrays.copyOf(whole, 50_000)));
        byte[] gzip = TestTar.compress(whole, Compression.GZIP);
        cases.add(Arguments.of("the archive is damaged or truncated", Arrays.copyOf(gzip, gzip.length - 10)));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void isRefusedAndLeavesNothing(String message, byte[] archive) throws IOException {
        var e = assertThrows(
                IOException.class,
                () -> new ImageArchives(store, snapshots).load(new ByteArrayInputStream(archive), AMD64));
        assertTrue(e.getMessage().startsWith(message) || e.getMessage().contains(message), e.getMessage());
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() throws IOException {
        assertEquals(List.of(), store.images().list());
        assertEquals(List.of(), store.names().list());
        assertEquals(0, snapshots.count());
        for (String place : List.of("blobs/sha256", "leases")) {
            Path path = store.home().resolve(place);
            if (Files.exists(path)) {
                try (var files = Files.list(path)) {
                    assertEquals(List.of(), files.toList());
                }
            }
        }
        store.close();
        try (var files = Files.list(store.home().resolve("tmp"))) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    @Timeout(20)
    void anInterruptEndsItAndLeavesNothing() throws IOException {
        byte[] layer = new TestTar().file("x", new byte[1 << 20]).bytes();
        byte[] archive =
                docker(configOf(Digest.sha256(layer)), "l").file("l", layer).bytes();
        var interrupting = new ByteArrayInputStream(archive) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                if (pos > archive.length / 2) {
                    Thread.currentThread().interrupt();
                }
                return super.read(bytes, offset, length);
            }
        };
        assertThrows(InterruptedIOException.class, () -> new ImageArchives(store, snapshots).load(interrupting, AMD64));
        assertTrue(Thread.interrupted());
        assertNothingIsLeft();
    }

    /** What was loaded before stays, and of a bad image beside a good one neither is loaded. */
    @Test
    void allImagesOrNone() throws IOException {
        byte[] layer = TestTar.layer("good");
        Digest diffId = Digest.sha256(layer);
        byte[] archive = new TestTar()
                .file("c.json", configOf(diffId))
                .file("d.json", configOf(diffId, Digest.sha256(bytes("x"))))
                .file("l", layer)
                .file("bad", TestTar.layer("bad"))
                .file("manifest.json", """
                        [{"Config":"c.json","RepoTags":["good:1"],"Layers":["l"]},
                         {"Config":"d.json","RepoTags":["bad:1"],"Layers":["l","bad"]}]""")
                .bytes();
        assertThrows(
                ArchiveException.class,
                () -> new ImageArchives(store, snapshots).load(new ByteArrayInputStream(archive), AMD64));
        assertNothingIsLeft();
    }
}
