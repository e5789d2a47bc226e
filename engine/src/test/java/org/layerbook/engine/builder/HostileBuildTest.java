package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.archive.ImageArchives;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.sandbox.UserLookup;
import org.layerbook.engine.store.Identity;

/**
 * Archives, contexts and images of somebody who means harm: refused with a sentence or contained, and nothing outside
 * changes. As root, and in {@code UserNamespaceTest} as an ordinary user's root.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostileBuildTest {
    /** One store for all: making one is what takes time. */
    @TempDir
    static Path all;

    private static TestBuild build;

    @TempDir
    Path folder;

    private Path outside;

    @BeforeAll
    static void openStore() throws IOException {
        build = new TestBuild(all);
    }

    @AfterAll
    static void closeStore() throws IOException {
        build.close();
    }

    @BeforeEach
    void open() throws IOException {
        outside = Files.createDirectory(folder.resolve("outside"));
        Trees.delete(build.context);
        Files.createDirectory(build.context);
        Files.writeString(outside.resolve("secret"), "secret");
    }

    @AfterEach
    void nothingOutsideHasChanged() throws IOException {
        try (var files = Files.list(outside)) {
            assertEquals(List.of(outside.resolve("secret")), files.toList());
        }
        assertEquals("secret", Files.readString(outside.resolve("secret")));
    }

    /** Members of a tar; OUT in names and links stands for the folder outside, UP for many {@code ../}. */
    private static final class Tar {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");
        private final String out;

        Tar(String out) {
            this.out = out;
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            tar.setAddPaxHeadersForNonAsciiNames(true);
        }

        private String real(String text) {
            return text.replace("UP", "../".repeat(30)).replace("OUT", out);
        }

        Tar file(String name, String content) {
            return add(name, TarConstants.LF_NORMAL, "", content);
        }

        Tar link(String name, String target) {
            return add(name, TarConstants.LF_SYMLINK, target, "");
        }

        Tar hard(String name, String target) {
            return add(name, TarConstants.LF_LINK, target, "");
        }

        Tar folder(String name) {
            return add(name + "/", TarConstants.LF_DIR, "", "");
        }

        Tar device(String name, byte type, int major, int minor) {
            var entry = new TarArchiveEntry(name, type, true);
            entry.setDevMajor(major);
            entry.setDevMinor(minor);
            return put(entry, "");
        }

        private Tar add(String name, byte type, String target, String content) {
            var entry = new TarArchiveEntry(real(name), type, true);
            entry.setLinkName(real(target));
            return put(entry, content);
        }

        private Tar put(TarArchiveEntry entry, String content) {
            byte[] data = content.getBytes(StandardCharsets.UTF_8);
            entry.setSize(data.length);
            try {
                tar.putArchiveEntry(entry);
                tar.write(data);
                tar.closeArchiveEntry();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return this;
        }

        byte[] build() throws IOException {
            tar.close();
            return bytes.toByteArray();
        }
    }

    private interface Members {
        Tar of(Tar tar);
    }

    /**
     * @param added what ADD of the archive comes to: {@code ok}, or a part of the message
     * @param layered the same for the archive as a layer
     */
    private record Case(String what, Members members, String added, String layered) {
        @Override
        public String toString() {
            return what;
        }
    }

    static List<Case> archives() {
        return List.of(
                new Case("dots", t -> t.file("UPOUT/x", "x"), "outside extraction root", "path outside the root"),
                new Case(
                        "dots inside",
                        t -> t.file("a/UPOUT/x", "x"),
                        "outside extraction root",
                        "path outside the root"),
                new Case("an absolute name", t -> t.file("OUT/x", "x"), "ok", "ok"),
                new Case("through an absolute link", t -> t.link("s", "OUT").file("s/x", "x"), "ok", "ok"),
                new Case("through a relative link", t -> t.link("s", "UPOUT").file("s/x", "x"), "ok", "ok"),
                new Case("over a link", t -> t.link("s", "OUT/secret").file("s", "x"), "ok", "ok"),
                new Case(
                        "a hard link with dots",
                        t -> t.hard("h", "UPOUT/secret"),
                        "outside extraction root",
                        "path outside the root"),
                new Case(
                        "a hard link to an absolute name",
                        t -> t.hard("h", "OUT/secret").file("h", "x"),
                        "h is a hard link to",
                        "h is a hard link to"),
                new Case(
                        "a hard link through a link",
                        t -> t.link("s", "OUT").hard("h", "s/secret"),
                        "h is a hard link to s/secret",
                        "h is a hard link to s/secret"),
                new Case("a hard link to itself", t -> t.file("f", "x").hard("f", "f"), "ok", "ok"),
                new Case(
                        "a hard link to a folder",
                        t -> t.folder("d").hard("h", "d"),
                        "is a hard link to d",
                        "hard link"),
                new Case(
                        "a deletion of nothing",
                        t -> t.file(".wh.", ""),
                        "reserved for whiteouts",
                        "whiteout without a name"),
                new Case(
                        "a deletion of the root",
                        t -> t.file(".wh..", ""),
                        "reserved for whiteouts",
                        "whiteout without a name"),
                new Case(
                        "a deletion above the root",
                        t -> t.file(".wh...", ""),
                        "reserved for whiteouts",
                        "whiteout without a name"),
                new Case("all below hidden", t -> t.file(".wh..wh..opq", ""), "reserved for whiteouts", "ok"),
                new Case(
                        "names that differ in case",
                        t -> t.file("Name", "1").file("name", "2").file("NAME", "3"),
                        "ok",
                        "ok"),
                new Case(
                        "names that differ in normalisation",
                        t -> t.file("\u00e9", "1").file("e\u0301", "2"),
                        "ok",
                        "ok"),
                new Case("the root as a link", t -> t.link("./", "OUT"), "ok", "replaces the root"),
                new Case(
                        "a folder that becomes a link",
                        t -> t.folder("d").file("d/x", "1").link("d", "OUT").file("d/y", "2"),
                        "ok",
                        "ok"),
                new Case(
                        "links in a circle",
                        t -> t.link("a", "b").link("b", "a").file("a/x", "1"),
                        "a/x: too many levels of symbolic links",
                        "circular symbolic links"),
                new Case("a part of 300 bytes", t -> t.file("n".repeat(300), "x"), "file name too long", "too long"),
                new Case("a name of 5000 bytes", t -> t.file("n".repeat(5000), "x"), "5000 bytes", "5000 bytes"),
                new Case(
                        "device nodes",
                        t -> t.device("disk", TarConstants.LF_BLK, 8, 0)
                                .device("deletion", TarConstants.LF_CHR, 0, 0)
                                .device("fifo", TarConstants.LF_FIFO, 0, 0),
                        "ok",
                        "ok"));
    }

    private byte[] tar(Case hostile) throws IOException {
        return hostile.members().of(new Tar(outside.toString())).build();
    }

    private static void check(String what, String expected, Attempt attempt) throws Exception {
        if (expected.equals("ok")) {
            attempt.run();
            return;
        }
        var e = assertThrows(Exception.class, attempt::run, what);
        assertTrue(e.getMessage().contains(expected), what + ": " + e.getMessage());
    }

    private interface Attempt {
        void run() throws Exception;
    }

    @ParameterizedTest
    @MethodSource("archives")
    void anArchiveForAdd(Case hostile) throws Exception {
        Files.write(build.context.resolve("a.tar"), tar(hostile));
        check("ADD", hostile.added(), () -> build.build("FROM scratch", "ADD a.tar /t"));
    }

    @ParameterizedTest
    @MethodSource("archives")
    void anArchiveToImport(Case hostile) throws Exception {
        byte[] tar = tar(hostile);
        check("import", hostile.layered(), () -> imported(tar));
    }

    private Image imported(byte[] tar) throws IOException {
        return imported(build, tar);
    }

    private static Image imported(TestBuild build, byte[] tar) throws IOException {
        return new ImageArchives(build.store, build.snapshots)
                .importRoot(new ByteArrayInputStream(tar), ContainerConfig.EMPTY, "", Platform.host(), Optional.empty())
                .image();
    }

    @ParameterizedTest
    @MethodSource("archives")
    void anImageToLoadAndToBuildOn(Case hostile) throws Exception {
        byte[] tar = tar(hostile);
        check("load", hostile.layered(), () -> {
            Image image = loaded(tar);
            build.images.put("evil", image);
            build.build("FROM evil", "RUN write /new 1", "WORKDIR /abs/w", "COPY --from=evil / /copy/");
        });
    }

    private Image loaded(byte[] layer) throws IOException {
        String platform = "\"architecture\":\"" + Platform.host().architecture() + "\",\"os\":\"linux\"";
        String config = "{" + platform + ",\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\""
                + Digest.sha256(layer) + "\"]}}";
        String manifest = "[{\"Config\":\"c.json\",\"RepoTags\":[\"evil:1\"],\"Layers\":[\"l.tar\"]}]";
        byte[] archive = withLayer(config, manifest, layer);
        return new ImageArchives(build.store, build.snapshots)
                .load(new ByteArrayInputStream(archive), Platform.host())
                .getFirst()
                .image();
    }

    private static byte[] withLayer(String config, String manifest, byte[] layer) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(bytes)) {
            member(tar, "c.json", config.getBytes(StandardCharsets.UTF_8));
            member(tar, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
            member(tar, "l.tar", layer);
        }
        return bytes.toByteArray();
    }

    private static void member(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        var entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    @Test
    void aDecompressionBomb() throws Exception {
        var zeros = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zeros)) {
            gzip.write(new Tar("").file("zeros", "\0".repeat(8 << 20)).build());
        }
        var limits = new UnpackLimits(1L << 30, 100, 200, 1 << 20);
        try (var strict = new TestBuild(folder.resolve("strict"), Optional.empty(), limits)) {
            Files.write(strict.context.resolve("bomb.tgz"), zeros.toByteArray());
            refused("possible decompression bomb", () -> strict.build("FROM scratch", "ADD bomb.tgz /"));
            refused("LAYERBOOK_MAX_UNPACK_RATIO", () -> imported(strict, zeros.toByteArray()));
        }
        var few = new UnpackLimits(1L << 20, 2, 2000, 1 << 30);
        try (var strict = new TestBuild(folder.resolve("few"), Optional.empty(), few)) {
            Files.write(strict.context.resolve("bomb.tgz"), zeros.toByteArray());
            refused("LAYERBOOK_MAX_UNPACKED", () -> strict.build("FROM scratch", "ADD bomb.tgz /"));
            refused("LAYERBOOK_MAX_UNPACKED", () -> imported(strict, zeros.toByteArray()));
            byte[] three = new Tar("").file("a", "").file("b", "").file("c", "").build();
            Files.write(strict.context.resolve("three.tar"), three);
            refused("more than 2 entries", () -> strict.build("FROM scratch", "ADD three.tar /"));
            refused("more than 2 entries", () -> imported(strict, three));
        }
    }

    private static void refused(String message, Attempt attempt) {
        var e = assertThrows(Exception.class, attempt::run);
        assertTrue(e.getMessage().contains(message), e.getMessage());
    }

    @Test
    void aHundredThousandEntriesInOneFolder() throws Exception {
        var tar = new Tar("");
        for (int i = 0; i < 100_000; i++) {
            tar.link("d/" + i, "x");
        }
        Files.write(build.context.resolve("a.tar"), tar.build());
        Image image = build.build("FROM scratch", "ADD a.tar /").image();
        try (var view = build.snapshots.view(image.chainId());
                var files = Files.list(view.root().resolve("d"))) {
            assertEquals(100_000, files.count());
        }
    }

    /** The links that a context may have, and none of which leads out. */
    private void links() throws IOException {
        build.file("f", "f");
        Files.createSymbolicLink(build.context.resolve("abs"), outside);
        Files.createSymbolicLink(build.context.resolve("up"), Path.of("../".repeat(30) + outside));
        Files.createSymbolicLink(build.context.resolve("file"), outside.resolve("secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abs/secret", "up/secret", "abs", "up", "file", "abs/*", "./abs/../abs/secret"})
    void aLinkOfTheContextAsASource(String source) throws Exception {
        links();
        for (String instruction : List.of("COPY ", "ADD ", "COPY --link ")) {
            var e = assertThrows(
                    BuildException.class, () -> build.build("FROM scratch", instruction + source + " /x"), instruction);
            assertEquals(BuildException.Kind.NOT_IN_CONTEXT, e.kind(), e.getMessage());
            assertTrue(e.diagnostic().hint().orElseThrow().contains("is a symbolic link to"), e.toString());
        }
        var e = assertThrows(
                BuildException.class,
                () -> build.build("FROM scratch", "RUN --mount=source=" + source + ",target=/m echo x"));
        assertTrue(e.getMessage().contains("not found"), e.getMessage());
    }

    @Test
    void linksInWhatIsCopiedStayLinks() throws Exception {
        links();
        Image image = build.build("FROM scratch", "COPY . /x/").image();
        assertEquals(
                List.of(
                        "0755 0:0 /x/",
                        "0:0 /x/abs -> " + outside,
                        "0644 0:0 /x/f f",
                        "0:0 /x/file -> " + outside.resolve("secret"),
                        "0:0 /x/up -> " + "../".repeat(30) + outside.toString().substring(1)),
                build.tree(image));
    }

    /** An image with links of the same kind. */
    private void evilBase() throws IOException {
        build.images.put(
                "evil",
                imported(new Tar(outside.toString())
                        .link("abs", "OUT")
                        .link("up", "UPOUT")
                        .link("file", "OUT/secret")
                        .build()));
    }

    @Test
    void linksOfTheImageAsDestinations() throws Exception {
        evilBase();
        build.file("f", "f");
        Files.write(
                build.context.resolve("a.tar"),
                new Tar("").file("g", "g").link("out", outside.toString()).build());
        Image image = build.build(
                        "FROM evil",
                        "COPY f /abs/1",
                        "COPY f /up/2/",
                        "ADD f /file",
                        "COPY --link f /abs/3",
                        "ADD a.tar /abs/4",
                        "COPY --parents f /up/5/",
                        "WORKDIR /abs/w",
                        "WORKDIR ../../../../../../v",
                        "RUN write here 1")
                .image();
        List<String> tree = build.tree(image);
        String in = outside.toString();
        for (String line : List.of(
                "0644 0:0 " + in + "/1 f",
                "0644 0:0 " + in + "/2/f f",
                "0644 0:0 " + in + "/secret f",
                "0644 0:0 " + in + "/5/f f",
                "0644 0:0 /abs/4/g g",
                "0755 0:0 /v/")) {
            assertTrue(tree.contains(line), line + " in " + tree);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/abs/secret", "/up/secret", "/file", "/abs", "/up/../abs"})
    void linksOfAnImageAsSources(String source) throws Exception {
        evilBase();
        var e = assertThrows(
                BuildException.class, () -> build.build("FROM scratch", "COPY --from=evil " + source + " /x"));
        assertTrue(e.getMessage().contains("not found"), e.getMessage());
        e = assertThrows(
                BuildException.class,
                () -> build.build("FROM scratch", "RUN --mount=from=evil,source=" + source + ",target=/m echo x"));
        assertTrue(e.getMessage().contains("not found"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/..", "a/../..", ""})
    void mountsOverTheRootAreRefused(String target) {
        for (String type : List.of("tmpfs", "cache", "bind")) {
            assertThrows(
                    BuildException.class,
                    () -> build.build("FROM scratch", "RUN --mount=type=" + type + ",target=" + target + " echo x"),
                    type);
        }
    }

    /** Where a cache lies is none of the id's business. */
    @Test
    void aCacheWithAPathAsItsId() throws Exception {
        build.build(
                "FROM scratch", "RUN --mount=type=cache,id=../../../../../../" + outside + ",target=/c write /c/x 1");
    }

    private void passwd(Members members) throws IOException {
        build.images.put(
                "evil", imported(members.of(new Tar(outside.toString())).build()));
    }

    @Test
    void passwdAsALinkIsOfTheImage() throws Exception {
        Files.writeString(outside.resolve("secret"), "secret:x:7:7::/:/bin/sh\n");
        passwd(t -> t.link("etc/passwd", "OUT/secret"));
        var e = assertThrows(BuildException.class, () -> build.build("FROM evil", "USER secret", "RUN echo x"));
        assertTrue(e.getMessage().contains("unable to find user secret"), e.getMessage());
        Files.writeString(outside.resolve("secret"), "secret");
    }

    @Test
    void passwdAsAFifoIsNotRead() throws Exception {
        passwd(t -> t.device("etc/passwd", TarConstants.LF_FIFO, 0, 0).device("etc/group", TarConstants.LF_FIFO, 0, 0));
        build.file("f", "f");
        build.build("FROM evil", "COPY --chown=who:ever f /", "RUN echo x", "USER 5:5", "RUN echo x", "WORKDIR /w");
        assertThrows(BuildException.class, () -> build.build("FROM evil", "USER who", "RUN echo x"));
    }

    @Test
    void passwdOfTwoGigabytesIsRefused() throws Exception {
        Image base = build.build("FROM scratch", "RUN mkdir /etc && write /etc/group x")
                .image();
        Path big = folder.resolve("big");
        Files.createDirectories(big.resolve("etc"));
        try (var file = new RandomAccessFile(big.resolve("etc/passwd").toFile(), "rw")) {
            file.setLength(2L << 30);
        }
        try (var root = build.snapshots.prepare(base.chainId())) {
            Files.move(big.resolve("etc/passwd"), root.root().resolve("etc/passwd"));
            var e = assertThrows(IOException.class, () -> new UserLookup(root.root()).process("who"));
            assertTrue(e.getMessage().contains("/etc/passwd of the image"), e.getMessage());
            assertThrows(IOException.class, () -> new UserLookup(root.root()).owner("who"));
            assertThrows(IOException.class, () -> new UserLookup(root.root()).home(0));
        }
    }

    private void ignoreFile(Path target) throws IOException {
        Files.createSymbolicLink(build.context.resolve(".dockerignore"), target);
    }

    @Test
    void anIgnoreFileThatIsNone() throws Exception {
        build.file("f", "f");
        LinuxFiles.mknod(build.context.resolve(".dockerignore"), FileStat.FIFO | 0666, 0, 0);
        build.build("FROM scratch", "COPY f /");
        Files.delete(build.context.resolve(".dockerignore"));
        ignoreFile(Path.of("/dev/zero"));
        build.build("FROM scratch", "COPY f /");
        Files.delete(build.context.resolve(".dockerignore"));
        ignoreFile(outside.resolve("secret"));
        build.build("FROM scratch", "COPY f /");
    }

    @Test
    void anIgnoreFileWithoutEndIsRefused() throws Exception {
        build.file("f", "f");
        try (var file =
                new RandomAccessFile(build.context.resolve(".dockerignore").toFile(), "rw")) {
            file.setLength(3L << 30);
        }
        var e = assertThrows(BuildException.class, () -> build.build("FROM scratch", "COPY f /"));
        assertTrue(e.getMessage().contains("is larger than 16777216 bytes"), e.getMessage());
    }

    @Test
    void anOwnerThatIsNotToBeHadHereIsNamed() throws Exception {
        assumeTrue(Identity.current().idCount() < Integer.MAX_VALUE, "root has every id");
        var tar = new Tar("");
        var entry = new TarArchiveEntry("f");
        entry.setIds(2_000_000_000, 0);
        tar.put(entry, "x");
        Files.write(build.context.resolve("a.tar"), tar.build());
        boolean recorded = build.snapshots.ownership() == Ownership.RECORDED;
        check(
                "ADD",
                recorded ? "ok" : "cannot set the owner of f to 2000000000:0: the ID is outside your range",
                () -> build.build("FROM scratch", "ADD a.tar /"));
    }
}
