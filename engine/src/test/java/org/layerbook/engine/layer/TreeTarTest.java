package org.layerbook.engine.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.linux.Xattrs;
import org.layerbook.engine.oci.Digest;

class TreeTarTest {
    private final Path temp = Files.createTempDirectory("layerbook");

    TreeTarTest() throws IOException {}

    @AfterEach
    void cleanUp() throws IOException {
        Trees.delete(temp);
    }

    private byte[] tarOf(Path tree) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Digest digest = TreeTar.write(tree, TestTrees.FORM, Optional.of(out));
        assertEquals(Digest.sha256(out.toByteArray()), digest, "the digest is that of the bytes");
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void aTreeSurvivesItsTar(long seed) throws IOException {
        Path below = Files.createDirectory(temp.resolve("below"));
        Path tree = Files.createDirectory(temp.resolve("tree"));
        TestTrees.random(tree, seed);
        // What the whiteouts stand over; a whiteout over nothing is not unpacked.
        makeVictims(tree, below);
        byte[] tar = tarOf(tree);
        Path copy = Files.createDirectory(temp.resolve("copy"));
        LayerApplier.Applied applied = LayerApplier.apply(
                new ByteArrayInputStream(tar), copy, List.of(below), TestTrees.FORM, UnpackLimits.DEFAULT);
        assertEquals(Digest.sha256(tar), applied.digest());
        assertEquals(String.join("\n", TestTrees.describe(tree)), String.join("\n", TestTrees.describe(copy)));
        assertEquals(Digest.sha256(tar), TreeTar.write(copy, TestTrees.FORM, Optional.empty()));
        assertTrue(applied.leftOut().isEmpty());
    }

    private static void makeVictims(Path tree, Path below) throws IOException {
        for (String name : TreeTar.sortedNames(tree)) {
            Path child = ByteString.child(tree, name);
            FileStat stat = LinuxFiles.lstat(child);
            if (stat.isWhiteout()) {
                LinuxFiles.symlink("victim", ByteString.child(below, name));
            } else if (stat.isDirectory()) {
                LinuxFiles.mkdir(ByteString.child(below, name), 0700);
                makeVictims(child, ByteString.child(below, name));
            }
        }
    }

    @Test
    void anIndependentReaderSeesTheSame() throws IOException {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        Path deep = tree.resolve("a".repeat(90)).resolve("b".repeat(90));
        Files.createDirectories(deep);
        Files.writeString(deep.resolve("c".repeat(150)), "long");
        Files.writeString(tree.resolve("first"), "content");
        LinuxFiles.link(tree.resolve("first"), tree.resolve("second"));
        LinuxFiles.symlink("../first", tree.resolve("symlink"));
        LinuxFiles.symlink("x".repeat(300), tree.resolve("symlink-long"));
        LinuxFiles.whiteout(tree.resolve("gone"));
        Files.createDirectory(tree.resolve("replaced"));
        TestTrees.FORM.setOpaque(tree.resolve("replaced"));
        Xattrs.set(tree.resolve("first"), "user.colour", "blue".getBytes());
        LinuxFiles.setTimes(tree.resolve("first"), 1_500_000_000L, 999_999_999);
        LinuxFiles.setTimes(tree.resolve("symlink"), -5, 0);

        List<String> seen = new ArrayList<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tarOf(tree)))) {
            for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
                assertEquals("", e.getUserName());
                assertEquals("", e.getGroupName());
                seen.add((char) e.getLinkFlag() + " " + e.getName().replaceAll("(.)\\1{20,}", "$1…")
                        + (e.getLinkName().isEmpty()
                                ? ""
                                : " -> " + e.getLinkName().replaceAll("(.)\\1{20,}", "$1…"))
                        + (e.isFile() ? " " + new String(in.readAllBytes()) : "")
                        + e.getExtraPaxHeaders());
                if (e.getName().equals("first")) {
                    assertEquals(1_500_000_000L, e.getLastModifiedTime().to(TimeUnit.SECONDS));
                    assertEquals(0, e.getLastModifiedTime().toInstant().getNano());
                }
                if (e.getName().equals("symlink")) {
                    assertEquals(-5, e.getLastModifiedTime().to(TimeUnit.SECONDS));
                }
            }
        }
        assertEquals(
                List.of(
                        "5 a…/{}",
                        "5 a…/b…/{}",
                        "0 a…/b…/c… long{}",
                        "0 first content{SCHILY.xattr.user.colour=blue}",
                        "0 .wh.gone {}",
                        "5 replaced/{}",
                        "0 replaced/.wh..wh..opq {}",
                        "1 second -> first {}",
                        "2 symlink -> ../first {}",
                        "2 symlink-long -> x… {}"),
                seen);
    }

    @Test
    void namesOfEveryLengthAreCutWhereAReaderJoinsThem() throws IOException {
        Path tree = Files.createDirectory(temp.resolve("tree"));
        List<String> names = new ArrayList<>();
        for (int first : new int[] {1, 98, 99, 100, 101, 154, 155, 156, 200}) {
            for (int second : new int[] {1, 98, 99, 100, 101, 200}) {
                Path directory = tree.resolve("d".repeat(first));
                Files.createDirectories(directory);
                Files.createFile(directory.resolve("f".repeat(second)));
                Files.createDirectory(directory.resolve("g".repeat(second)));
                names.add("d".repeat(first) + "/");
                names.add("d".repeat(first) + "/" + "f".repeat(second));
                names.add("d".repeat(first) + "/" + "g".repeat(second) + "/");
            }
        }
        List<String> seen = new ArrayList<>();
        try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tarOf(tree)))) {
            for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
                seen.add(e.getName());
            }
        }
        assertEquals(
                names.stream().distinct().sorted().toList(),
                seen.stream().sorted().toList());
        assertFalse(seen.isEmpty());
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void gnuTarUnpacksTheSame(long seed) throws Exception {
        assumeTrue(TestTrees.FORM.equals(TreeForm.ROOT), "only root can unpack all that there is");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/tar")), "needs GNU tar");
        Path tree = Files.createDirectory(temp.resolve("tree"));
        TestTrees.random(tree, seed);
        Path copy = Files.createDirectory(temp.resolve("copy"));
        Path file = temp.resolve("layer.tar");
        Files.write(file, tarOf(tree));
        Process tar = new ProcessBuilder(
                        "tar",
                        "-C",
                        copy.toString(),
                        "--xattrs",
                        "--xattrs-include=*",
                        "--numeric-owner",
                        "-xpf",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(tar.getInputStream().readAllBytes());
        assertEquals(0, tar.waitFor(), output);
        assertEquals(withoutMarkers(tree), withoutMarkers(copy));
    }

    private static String withoutMarkers(Path tree) throws IOException {
        return TestTrees.describe(tree).stream()
                .filter(line -> !line.startsWith("whiteout") && !line.contains("/.wh.") && !line.contains(" .wh."))
                .collect(Collectors.joining("\n"));
    }
}
