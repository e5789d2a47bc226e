package org.layerbook.engine.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.layer.tar.TarReader;
import org.layerbook.engine.layer.tar.TarWriter;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.linux.Xattrs;

class TreeExportTest {
    private static final byte[] BYTES = {(byte) 0xff, 0, 'x'};
    private static final long TIME = 1_000_000_000;

    private final Path temp = Files.createTempDirectory("layerbook");
    private final Path lower = Files.createDirectory(temp.resolve("lower"));
    private final Path upper = Files.createDirectory(temp.resolve("upper"));
    private final Path out = temp.resolve("out");

    TreeExportTest() throws IOException {}

    /** Below: d/{file, second name, fifo, link, gone}. Above: gone is deleted; devices where this process may make one. */
    @BeforeEach
    void makeLayers() throws IOException {
        for (Path layer : List.of(lower, upper)) {
            LinuxFiles.mkdir(layer.resolve("d"), 0755);
        }
        Path file = lower.resolve("d/file");
        Files.writeString(file, "content");
        finish(file, FileStat.REGULAR, 3, 04750);
        Xattrs.set(file, "user.bytes", BYTES);
        LinuxFiles.setTimes(file, TIME, 0);
        LinuxFiles.link(file, lower.resolve("d/second"));
        LinuxFiles.mknod(lower.resolve("d/fifo"), FileStat.FIFO | 0640, 0, 0);
        LinuxFiles.symlink("file", lower.resolve("d/link"));
        Files.writeString(lower.resolve("d/gone"), "x");
        LinuxFiles.whiteout(upper.resolve("d/gone"));
        finish(upper.resolve("d"), FileStat.DIRECTORY, 0, 0555);
        for (String name : List.of("d/fifo", "d/link")) {
            LinuxFiles.setTimes(lower.resolve(name), TIME, 0);
        }
        LinuxFiles.setTimes(upper.resolve("d"), TIME, 0);
    }

    private static void finish(Path path, int type, int id, int permissions) throws IOException {
        TestTrees.FORM.ownership().set(path, type, new Ownership.Owner(id, id, permissions));
    }

    @AfterEach
    void cleanUp() throws IOException {
        Trees.delete(temp);
    }

    private TreeExport export(OptionalLong time) {
        return new TreeExport(new FileTree(List.of(upper, lower), TestTrees.FORM), time);
    }

    private byte[] tar(TreeExport export, String... folders) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarWriter(bytes)) {
            for (String folder : folders) {
                export.toTar(tar, folder);
            }
            tar.end();
        }
        return bytes.toByteArray();
    }

    private static List<String> members(byte[] tar) throws IOException {
        var lines = new ArrayList<String>();
        try (var reader = new TarReader(new ByteArrayInputStream(tar))) {
            for (var next = reader.next(); next.isPresent(); next = reader.next()) {
                TarEntry e = next.get();
                lines.add(String.format(
                        "%s %s %04o %d:%d %d %d%s%s",
                        e.kind(),
                        e.name(),
                        e.permissions(),
                        e.uid(),
                        e.gid(),
                        e.size(),
                        e.mtimeSeconds(),
                        e.link().isEmpty() ? "" : " " + e.link(),
                        e.xattrs().isEmpty() ? "" : " " + e.xattrs().keySet()));
            }
        }
        return lines;
    }

    @Test
    void aTarHasLinksAttributesFifosAndOwners() throws IOException {
        byte[] tar = tar(export(OptionalLong.empty()), "");
        assertEquals(
                List.of(
                        "DIRECTORY d/ 0555 0:0 0 1000000000",
                        "FIFO d/fifo 0640 0:0 0 1000000000",
                        "FILE d/file 4750 3:3 7 1000000000 [user.bytes]",
                        "SYMLINK d/link 0777 0:0 0 1000000000 file",
                        "HARD_LINK d/second 4750 3:3 0 1000000000 d/file"),
                members(tar));
        try (var reader = new TarReader(new ByteArrayInputStream(tar))) {
            reader.next();
            reader.next();
            assertArrayEquals(BYTES, reader.next().orElseThrow().xattrs().get("user.bytes"));
        }
    }

    @Test
    void severalTreesLieInFoldersOfTheirOwn() throws IOException {
        assertEquals(
                List.of(
                        "DIRECTORY a 0755 0:0 0 5",
                        "DIRECTORY a/d 0555 0:0 0 5",
                        "FIFO a/d/fifo 0640 0:0 0 5",
                        "FILE a/d/file 4750 3:3 7 5 [user.bytes]",
                        "SYMLINK a/d/link 0777 0:0 0 5 file",
                        "HARD_LINK a/d/second 4750 3:3 0 5 a/d/file",
                        "DIRECTORY b 0755 0:0 0 5",
                        "DIRECTORY b/d 0555 0:0 0 5",
                        "FIFO b/d/fifo 0640 0:0 0 5",
                        "FILE b/d/file 4750 3:3 7 5 [user.bytes]",
                        "SYMLINK b/d/link 0777 0:0 0 5 file",
                        "HARD_LINK b/d/second 4750 3:3 0 5 b/d/file"),
                members(tar(export(OptionalLong.of(5)), "a", "b")).stream()
                        .map(line -> line.replaceAll("/ ", " "))
                        .toList());
    }

    @Test
    void aFolderHasThemToo() throws IOException {
        export(OptionalLong.empty()).toFolder(out, path -> {});
        Path file = out.resolve("d/file");
        FileStat stat = LinuxFiles.lstat(file);
        assertEquals(04750, stat.permissions());
        assertEquals(TIME, stat.mtimeSeconds());
        assertEquals(LinuxFiles.lstat(out).uid(), stat.uid());
        assertEquals(2, stat.links());
        assertEquals(stat.inode(), LinuxFiles.lstat(out.resolve("d/second")).inode());
        assertArrayEquals(BYTES, Xattrs.get(file, "user.bytes").orElseThrow());
        assertEquals(
                FileStat.FIFO | 0640, LinuxFiles.lstat(out.resolve("d/fifo")).mode());
        assertEquals("file", Files.readSymbolicLink(out.resolve("d/link")).toString());
        assertEquals(TIME, LinuxFiles.lstat(out.resolve("d/link")).mtimeSeconds());
        assertEquals(
                FileStat.DIRECTORY | 0555, LinuxFiles.lstat(out.resolve("d")).mode());
        assertEquals(TIME, LinuxFiles.lstat(out.resolve("d")).mtimeSeconds());
        assertEquals(Set.of("fifo", "file", "link", "second"), names(out.resolve("d")));
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return new HashSet<>(files.map(f -> f.getFileName().toString()).toList());
        }
    }

    @Test
    void filesInAFolderAreReplacedAndLinksInItLeadNowhereElse() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("file"), "outside");
        Files.createDirectories(out);
        LinuxFiles.symlink(outside.toString(), out.resolve("d"));
        export(OptionalLong.empty()).toFolder(out, path -> {});
        export(OptionalLong.of(7)).toFolder(out, path -> {});
        assertEquals("outside", Files.readString(outside.resolve("file")));
        assertEquals("content", Files.readString(out.resolve("d/file")));
        assertEquals(7, LinuxFiles.lstat(out.resolve("d/second")).mtimeSeconds());
    }

    @Test
    void devicesAreMadeOrNamed() throws IOException {
        byte[] layer = new TarBuilder()
                .device(TarEntry.Kind.CHAR_DEVICE, "null", 1, 3)
                .link("zero", "null")
                .build();
        Path diff = Files.createDirectory(temp.resolve("diff"));
        assumeTrue(TestTrees.FORM.equals(TreeForm.ROOT), "a tree has devices only where this process may make them");
        LayerApplier.apply(new ByteArrayInputStream(layer), diff, List.of(), TestTrees.FORM, UnpackLimits.DEFAULT);
        var export = new TreeExport(new FileTree(List.of(diff), TestTrees.FORM), OptionalLong.empty());
        assertEquals(
                List.of("CHAR_DEVICE null 0666 0:0 0 1000", "HARD_LINK zero 0666 0:0 0 1000 null"),
                members(tar(export, "")));
        var leftOut = new ArrayList<String>();
        export.toFolder(out, leftOut::add);
        assertEquals(List.of(), leftOut);
        assertEquals(3, LinuxFiles.lstat(out.resolve("null")).rdevMinor());
        assertEquals(2, LinuxFiles.lstat(out.resolve("zero")).links());
    }
}
