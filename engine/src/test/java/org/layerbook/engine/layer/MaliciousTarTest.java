package org.layerbook.engine.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.engine.layer.tar.MalformedLayerException;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;

/**
 * Tars that try to leave the tree, or to make it something it is not. Beside the tree lies a file whose path they know;
 * whatever they do, it must stay as it is.
 */
class MaliciousTarTest {
    private static final String LOWER = """
            dir below
            file below/file
            dir other""";

    private final Path temp = Files.createTempDirectory("layerbook");

    MaliciousTarTest() throws IOException {}

    private Path outside;
    private Path diff;
    private Path lower;
    private List<String> outsideBefore;

    @BeforeEach
    void makeTrees() throws IOException {
        outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "secret");
        lower = Files.createDirectory(temp.resolve("lower"));
        Files.createDirectory(lower.resolve("below"));
        Files.writeString(lower.resolve("below/file"), "from below");
        Files.createDirectory(lower.resolve("other"));
        diff = Files.createDirectory(temp.resolve("diff"));
        outsideBefore = TestTrees.describe(outside);
        assertEquals(LOWER, String.join("\n", names(lower)));
    }

    @AfterEach
    void nothingOutsideHasChanged() throws IOException {
        assertEquals(outsideBefore, TestTrees.describe(outside));
        assertEquals(LOWER, String.join("\n", names(lower)));
        try (Stream<Path> all = Files.list(temp)) {
            assertEquals(
                    List.of("diff", "lower", "outside"),
                    all.map(p -> p.getFileName().toString()).sorted().toList());
        }
        Trees.delete(temp);
    }

    /** Kind and name of each file, and the target of links. */
    private static List<String> names(Path tree) throws IOException {
        return TestTrees.describe(tree).stream()
                .map(line ->
                        line.replaceAll(" \\d{4} \\d+:\\d+ \\d+( #.*)?", "").strip())
                .toList();
    }

    private LayerApplier.Applied apply(byte[] tar) throws IOException {
        return LayerApplier.apply(
                new ByteArrayInputStream(tar),
                diff,
                List.of(lower),
                TestTrees.FORM,
                new UnpackLimits(1 << 20, 200_000, 200, 1 << 20));
    }

    private record Refused(String what, String message, Function<Path, byte[]> tar) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Refused refused(String what, String message, Function<TarBuilder, TarBuilder> content) {
        return new Refused(
                what, message, outside -> content.apply(new TarBuilder()).build());
    }

    static List<Refused> refusedTars() {
        return List.of(
                refused("dots out of the root", "path outside the root", t -> t.file("../evil", "x")),
                refused("dots in the middle", "path outside the root", t -> t.file("a/../../evil", "x")),
                refused("a whiteout outside", "path outside the root", t -> t.file("../.wh.outside", "")),
                refused("an opaque marker outside", "path outside the root", t -> t.file("../.wh..wh..opq", "")),
                refused("a hard link out", "path outside the root", t -> t.link("l", "../outside/secret")),
                new Refused(
                        "a hard link to an absolute path",
                        "not a file in this layer or below",
                        out -> new TarBuilder().link("l", out + "/secret").build()),
                new Refused(
                        "a hard link through a symbolic link",
                        "not a file in this layer or below",
                        out -> new TarBuilder()
                                .symlink("s", out.toString())
                                .link("l", "s/secret")
                                .build()),
                refused(
                        "a hard link to a directory",
                        "not a file in this layer",
                        t -> t.directory("d").link("l", "d")),
                refused("a hard link to a directory below", "not a file in this layer", t -> t.link("l", "below")),
                refused("a hard link to the root", "not a file in this layer", t -> t.link("l", "/")),
                refused(
                        "a hard link to what is deleted",
                        "not a file in this layer",
                        t -> t.file("below/.wh.file", "").link("l", "below/file")),
                refused("whiteout of nothing", "whiteout without a name", t -> t.file(".wh.", "")),
                refused("whiteout of the directory itself", "whiteout without a name", t -> t.file("below/.wh..", "")),
                refused("whiteout of the root's parent", "whiteout without a name", t -> t.file(".wh...", "")),
                refused("a file in a whiteout", "inside a whiteout", t -> t.file(".wh.below/file", "")),
                refused("the root as a link", "replaces the root", t -> t.symlink("./", "/outside")),
                refused("the root as a file", "replaces the root", t -> t.file("/.", "x")),
                refused(
                        "a file as a directory",
                        "also used as a directory",
                        t -> t.file("f", "x").file("f/g", "y")),
                refused(
                        "links in a circle",
                        "circular symbolic links",
                        t -> t.symlink("a", "b").symlink("b", "a").file("a/x", "y")),
                refused("a name of 5000 bytes", "a name of 5000 bytes", t -> t.file("n".repeat(5000), "x")),
                refused("a part of 300 bytes", "too long", t -> t.file("n".repeat(300), "x")),
                refused("deeper than a path may be", "a name of", t -> t.file("d/".repeat(2100) + "f", "x")),
                refused("a zero byte in a name", "NUL byte", t -> t.file("é\0f", "x")),
                refused("a link target of 5000 bytes", "a name of", t -> t.symlink("l", "n".repeat(5000))),
                refused("an owner beyond 32 bits", "uid 4294967295", t -> t.header("f", 0, -1)),
                refused("files larger than the limit", "more than 1048576 bytes", t -> t.header("f", 1L << 50, 0)),
                new Refused(
                        "a sparse file larger than the limit",
                        "more than 1048576 bytes",
                        out -> sparse("22 GNU.sparse.map=0,1\n33 GNU.sparse.size=1152921504606\n", "x")),
                refused("a file that is cut off", "in the middle of a member", t -> t.header("f", 4096, 0)));
    }

    @ParameterizedTest
    @MethodSource("refusedTars")
    void isRefused(Refused tar) {
        IOException e = assertThrows(IOException.class, () -> apply(tar.tar().apply(outside)));
        assertTrue(e.getMessage().contains(tar.message()), e.getMessage());
    }

    private record Malformed(String what, String message, byte[] tar) {
        @Override
        public String toString() {
            return what;
        }
    }

    static List<Malformed> malformedTars() {
        byte[] end = new byte[1024];
        byte[] good = TarBuilder.block("f", '0', "00000000000\0");
        byte[] wrongSum = good.clone();
        wrongSum[0] = 'g';
        byte[] negative = TarBuilder.block("f", '0', "\u00ff".repeat(12));
        return List.of(
                new Malformed("a wrong checksum", "checksum", TarBuilder.join(wrongSum, end)),
                new Malformed("half a header", "in the middle", Arrays.copyOf(good, 100)),
                new Malformed(
                        "members after the end", "after a block of zeros", TarBuilder.join(new byte[512], good, end)),
                new Malformed("a negative size", "negative size", TarBuilder.join(negative, end)),
                new Malformed(
                        "letters in a number",
                        "malformed number",
                        TarBuilder.join(TarBuilder.block("f", '0', "00zz0000000\0"), end)),
                new Malformed(
                        "a huge extended header",
                        "extended header of 4294967295 bytes",
                        TarBuilder.join(TarBuilder.block("x", 'x', "37777777777\0"), end)),
                new Malformed(
                        "an extended header of negative size",
                        "extended header",
                        TarBuilder.join(TarBuilder.block("x", 'x', "\u00ff".repeat(12)), end)),
                new Malformed(
                        "only an extended header",
                        "ends after an extended header",
                        TarBuilder.join(pax("9 path=f\n"), end)),
                new Malformed(
                        "a record without a length",
                        "malformed PAX record",
                        TarBuilder.join(pax("path=f\n"), good, end)),
                new Malformed(
                        "a record longer than the header",
                        "malformed PAX record",
                        TarBuilder.join(pax("99 path=f\n"), good, end)),
                new Malformed("a record without a key", "without a key", TarBuilder.join(pax("5 =f\n"), good, end)),
                new Malformed(
                        "a size that is no number", "malformed size", TarBuilder.join(pax("10 size=x\n"), good, end)),
                new Malformed(
                        "a negative size in a record",
                        "negative size",
                        TarBuilder.join(pax("11 size=-5\n"), good, end)),
                new Malformed(
                        "extended headers without end",
                        "more than 1048576 bytes",
                        TarBuilder.join(pax(record(0)), pax(record(1)), pax(record(2)), good, end)),
                new Malformed(
                        "a sparse file of an unknown format",
                        "sparse files of format 2.0",
                        sparse("22 GNU.sparse.major=2\n22 GNU.sparse.minor=0\n", "")),
                new Malformed("a sparse file without a map", "without a map", sparse("18 GNU.sparse.x=1\n", "")),
                new Malformed("an odd map", "malformed sparse file map", sparse("24 GNU.sparse.map=0,1,2\n", "x")),
                new Malformed("a map of letters", "malformed sparse file map", sparse("22 GNU.sparse.map=0,x\n", "x")),
                new Malformed("a negative map", "malformed sparse file map", sparse("23 GNU.sparse.map=-1,1\n", "x")),
                new Malformed(
                        "a map beyond the file",
                        "malformed sparse file map",
                        sparse("22 GNU.sparse.map=9,2\n22 GNU.sparse.size=10\n", "xx")),
                new Malformed(
                        "a map that overflows",
                        "malformed sparse file map",
                        sparse("40 GNU.sparse.map=9223372036854775807,2\n22 GNU.sparse.size=10\n", "xx")),
                new Malformed(
                        "fragments over each other",
                        "malformed sparse file map",
                        sparse("26 GNU.sparse.map=0,2,1,2\n22 GNU.sparse.size=10\n", "xxxx")),
                new Malformed(
                        "less than the map says", "malformed sparse file map", sparse("22 GNU.sparse.map=0,9\n", "x")),
                new Malformed(
                        "a length before its offset",
                        "malformed sparse file map",
                        sparse("25 GNU.sparse.numbytes=1\n", "x")),
                new Malformed(
                        "a map in the content that does not end",
                        "malformed sparse file map",
                        sparse("22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n", "999999999\n" + "0\n".repeat(251))),
                new Malformed(
                        "a map in the content of letters",
                        "malformed sparse file map",
                        sparse("22 GNU.sparse.major=1\n22 GNU.sparse.minor=0\n", "x".repeat(512))),
                new Malformed(
                        "an old sparse file with more than its map",
                        "malformed sparse file map",
                        TarBuilder.join(TarBuilder.block("f", 'S', "00000000001\0"), TarBuilder.blocks("x"), end)),
                new Malformed(
                        "an unknown kind",
                        "unknown type of member 'Z'",
                        TarBuilder.join(TarBuilder.block("f", 'Z', "00000000000\0"), end)));
    }

    /** Half a megabyte, under a key of its own. */
    private static String record(int key) {
        return "500000 " + key + "=" + "x".repeat(499_990) + "\n";
    }

    private static byte[] sparse(String records, String stored) {
        return TarBuilder.join(
                pax(records),
                TarBuilder.block("f", '0', String.format("%011o\0", stored.length())),
                TarBuilder.blocks(stored),
                new byte[1024]);
    }

    private static byte[] pax(String records) {
        return TarBuilder.join(
                TarBuilder.block("pax", 'x', String.format("%011o\0", records.length())), TarBuilder.blocks(records));
    }

    @ParameterizedTest
    @MethodSource("malformedTars")
    void isMalformed(Malformed tar) {
        MalformedLayerException e = assertThrows(MalformedLayerException.class, () -> apply(tar.tar()));
        assertTrue(e.getMessage().contains(tar.message()), e.getMessage());
    }

    private record Contained(String what, Function<Path, TarBuilder> tar, String tree) {
        @Override
        public String toString() {
            return what;
        }
    }

    private static Contained contained(String what, Function<TarBuilder, TarBuilder> content, String tree) {
        return new Contained(what, outside -> content.apply(new TarBuilder()), tree);
    }

    /** OUT in a tree stands for the path of the directory outside, without its first slash. */
    static List<Contained> containedTars() {
        return List.of(
                contained("an absolute name", t -> t.file("/abs", "x"), "file abs"),
                contained("dots inside", t -> t.file("a/./b//../c", "x"), "dir a\nfile a/c"),
                new Contained(
                        "a file through an absolute link",
                        out -> new TarBuilder().symlink("s", out.toString()).file("s/evil", "x"),
                        "link s -> /OUT\nPARENTS\nfile OUT/evil"),
                new Contained(
                        "a file through a relative link",
                        out -> new TarBuilder()
                                .symlink("s", "../".repeat(20) + out.toString().substring(1))
                                .file("s/secret", "x"),
                        "link s -> UP\nPARENTS\nfile OUT/secret"),
                new Contained(
                        "a file over a link to a file",
                        out -> new TarBuilder().symlink("s", out + "/secret").file("s", "x"),
                        "file s"),
                new Contained(
                        "a file over a hard link to a link",
                        out -> new TarBuilder()
                                .symlink("s", out + "/secret")
                                .link("h", "s")
                                .file("h", "x"),
                        "file h\nlink s -> /OUT/secret"),
                new Contained(
                        "a directory that becomes a link",
                        out -> new TarBuilder()
                                .directory("d", 0)
                                .file("d/x", "")
                                .symlink("d", out.toString()),
                        "link d -> /OUT"),
                new Contained(
                        "a directory over a link to a directory",
                        out -> new TarBuilder().symlink("d", out.toString()).directory("d", 0777),
                        "dir d"),
                new Contained(
                        "a whiteout through a link",
                        out -> new TarBuilder().symlink("s", out.toString()).file("s/.wh.secret", ""),
                        "link s -> /OUT"),
                contained(
                        "a link over a directory below, and a file through it",
                        t -> t.symlink("below", "other").file("below/file", "x"),
                        "link below -> other\ndir other\nfile other/file"),
                contained(
                        "everything below hidden",
                        t -> t.file(".wh..wh..opq", "").file("other/new", ""),
                        "whiteout below\ndir other opaque\nfile other/new"),
                contained(
                        "a whiteout of what the same layer has",
                        t -> t.file("below/new", "x").file(".wh.below", ""),
                        "dir below opaque\nfile below/new"),
                contained(
                        "a whiteout before what the same layer has",
                        t -> t.file(".wh.below", "").file("below/new", "x"),
                        "dir below opaque\nfile below/new"),
                contained("a whiteout of nothing that is there", t -> t.file("no/.wh.thing", ""), ""),
                contained(
                        "a whiteout inside what is hidden",
                        t -> t.file("below/.wh.file", "").file(".wh.below", ""),
                        "dir below opaque"),
                contained(
                        "one name, many kinds",
                        t -> t.file("a", "1")
                                .directory("a")
                                .file("a/b", "2")
                                .symlink("a", "b")
                                .file("a", "3")
                                .directory("a")
                                .file("a/c", "4"),
                        "dir a\nfile a/c"),
                contained(
                        "names that differ in case",
                        t -> t.file("Name", "1").file("name", "2").file("NAME", "3"),
                        "file NAME\nfile Name\nfile name"),
                contained(
                        "names that differ in normalisation",
                        t -> t.file("\u00e9", "1").file("e\u0301", "2"),
                        "file e\u0301\nfile \u00e9"),
                contained(
                        "a hard link to a file below",
                        t -> t.link("l", "below/file"),
                        "dir below\nfile below/file\nfile l"),
                contained("a hard link to itself", t -> t.file("f", "x").link("f", "f"), "file f"),
                contained("what aufs kept", t -> t.file(".wh..wh.aufs", "").file(".wh..wh.plnk/123", ""), ""),
                contained(
                        "an attribute that redirects",
                        t -> t.withXattr(TarEntry.Kind.DIRECTORY, "d", "trusted.overlay.redirect", "/etc")
                                .withXattr(TarEntry.Kind.DIRECTORY, "e", "user.overlay.opaque", "y")
                                .withXattr(TarEntry.Kind.FILE, "f", "user.overlay.whiteout", "y")
                                .withXattr(TarEntry.Kind.FILE, "g", "user.layerbook.owner", "1:1:777"),
                        "dir d\ndir e\nfile f\nfile g"));
    }

    @ParameterizedTest
    @MethodSource("containedTars")
    void isContained(Contained tar) throws IOException {
        LayerApplier.Applied applied = apply(tar.tar().apply(outside).build());
        assertEquals(List.of(), applied.leftOut());
        String out = outside.toString().substring(1);
        List<String> parents = new ArrayList<>();
        for (Path p = Path.of(out); p != null; p = p.getParent()) {
            parents.addFirst("dir " + p);
        }
        // Names sort by their bytes, and where the temporary directory comes among them differs.
        assertEquals(
                tar.tree()
                        .replace("PARENTS", String.join("\n", parents))
                        .replace("UP", "../".repeat(20) + out)
                        .replace("OUT", out)
                        .lines()
                        .sorted()
                        .toList(),
                names(diff).stream().sorted().toList());
        for (String line : TestTrees.describe(diff)) {
            assertTrue(!line.contains("redirect"), line);
        }
    }

    @Test
    void devicesAreMadeOnlyWhereTheKernelLetsUs() throws IOException {
        LayerApplier.Applied applied = apply(new TarBuilder()
                .device(TarEntry.Kind.CHAR_DEVICE, "null", 1, 3)
                .device(TarEntry.Kind.BLOCK_DEVICE, "disk", 8, 0)
                .device(TarEntry.Kind.CHAR_DEVICE, "deletion", 0, 0)
                .device(TarEntry.Kind.FIFO, "fifo", 0, 0)
                .build());
        boolean allowed = TestTrees.FORM.equals(TreeForm.ROOT);
        assertEquals(allowed ? List.of("/deletion") : List.of("/null", "/disk", "/deletion"), applied.leftOut());
        assertEquals(
                allowed ? List.of("device disk 8,0", "fifo fifo", "device null 1,3") : List.of("fifo fifo"),
                names(diff));
    }

    @Test
    void aHundredThousandFilesInOneFolderAreManyButFine() throws IOException {
        TarBuilder tar = new TarBuilder();
        for (int i = 0; i < 100_000; i++) {
            tar.symlink("folder/" + i, "target");
        }
        apply(tar.build());
        try (Stream<Path> all = Files.list(diff.resolve("folder"))) {
            assertEquals(100_000, all.count());
        }
    }

    @Test
    void moreEntriesThanTheLimitAreRefused() {
        byte[] tar = new TarBuilder().file("a", "").file("b", "").file("c", "").build();
        assertThrows(
                MalformedLayerException.class,
                () -> LayerApplier.apply(
                        new ByteArrayInputStream(tar),
                        diff,
                        List.of(),
                        TestTrees.FORM,
                        new UnpackLimits(1000, 2, 200, 1000)));
    }

    @Test
    void aFileBelowIsCopiedForItsNewName() throws IOException {
        LinuxFiles.setTimes(lower.resolve("below/file"), 5, 6);
        apply(new TarBuilder().link("l", "below/file").build());
        assertEquals("from below", Files.readString(diff.resolve("l")));
        assertEquals(
                Inode.of(LinuxFiles.lstat(diff.resolve("below/file"))), Inode.of(LinuxFiles.lstat(diff.resolve("l"))));
        assertEquals(5, LinuxFiles.lstat(diff.resolve("l")).mtimeSeconds());
    }
}
