package org.layerbook.engine.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;

class FileTreeTest {
    private final Path temp = Files.createTempDirectory("layerbook");
    private final Path base = Files.createDirectory(temp.resolve("base"));
    private final Path top = Files.createDirectory(temp.resolve("top"));

    FileTreeTest() throws IOException {}

    /** Base: bin/sh, etc/{hosts,passwd}, usr/lib/x, lib -> usr/lib. Top: changes etc/passwd, deletes hosts, replaces usr. */
    @BeforeEach
    void makeLayers() throws IOException {
        for (String directory : List.of("bin", "etc", "usr", "usr/lib")) {
            LinuxFiles.mkdir(base.resolve(directory), 0755);
        }
        Files.writeString(base.resolve("bin/sh"), "shell");
        LinuxFiles.chmodFollowing(base.resolve("bin/sh"), 04755);
        Files.writeString(base.resolve("etc/hosts"), "hosts");
        Files.writeString(base.resolve("etc/passwd"), "root");
        Files.writeString(base.resolve("usr/lib/x"), "x");
        LinuxFiles.symlink("usr/lib", base.resolve("lib"));
        LinuxFiles.symlink("/../etc/passwd", base.resolve("absolute"));
        LinuxFiles.symlink("loop", base.resolve("loop"));

        LinuxFiles.mkdir(top.resolve("etc"), 0755);
        Files.writeString(top.resolve("etc/passwd"), "root and more");
        LinuxFiles.whiteout(top.resolve("etc/hosts"));
        LinuxFiles.mkdir(top.resolve("usr"), 0755);
        TestTrees.FORM.setOpaque(top.resolve("usr"));
        LinuxFiles.mkdir(top.resolve("usr/lib"), 0755);
        Files.writeString(top.resolve("usr/lib/y"), "y");
        Files.writeString(top.resolve("new"), "new");
    }

    @AfterEach
    void cleanUp() throws IOException {
        Trees.delete(temp);
    }

    private FileTree tree(Path... layers) {
        return new FileTree(List.of(layers), TestTrees.FORM);
    }

    private static List<String> walk(FileTree tree, String from) throws IOException {
        List<String> paths = new ArrayList<>();
        tree.walk(from, e -> paths.add(e.path()));
        return paths;
    }

    @Test
    void layersAreSeenAsOne() throws IOException {
        assertEquals(
                List.of(
                        "/absolute",
                        "/bin",
                        "/bin/sh",
                        "/etc",
                        "/etc/passwd",
                        "/lib",
                        "/loop",
                        "/new",
                        "/usr",
                        "/usr/lib",
                        "/usr/lib/y"),
                walk(tree(top, base), "/"));
        assertEquals(List.of("/usr/lib/x"), walk(tree(base), "lib"));
        assertEquals(List.of(), walk(tree(), "/"));
        assertEquals("/", tree().find("/").orElseThrow().path());
    }

    @Test
    void anEntryIsWhatLsShows() throws IOException {
        FileTree.Entry sh = tree(top, base).find("/bin/sh").orElseThrow();
        assertEquals(FileStat.REGULAR | 04755, sh.mode());
        assertEquals(5, sh.size());
        assertEquals(0, sh.uid());
        FileTree.Entry lib = tree(top, base).find("lib").orElseThrow();
        assertEquals(LayerChanges.FileKind.SYMLINK, lib.kind());
        assertEquals(Optional.of("usr/lib"), lib.link());
        assertEquals(Optional.empty(), tree(top, base).find("/etc/hosts"));
        assertEquals("/usr/lib/y", tree(top, base).find("/lib/y").orElseThrow().path());
        assertEquals(
                "/etc", tree(top, base).find("/../../etc/../etc").orElseThrow().path());
    }

    @Test
    void linksStayInside() throws IOException {
        try (InputStream in = tree(top, base).open("/absolute")) {
            assertEquals("root and more", new String(in.readAllBytes()));
        }
        assertThrows(FileSystemLoopException.class, () -> tree(base).open("/loop"));
        assertThrows(NoSuchFileException.class, () -> tree(top, base).open("/lib/x"));
        assertThrows(NoSuchFileException.class, () -> tree(base).list("/no"));
        assertThrows(NotDirectoryException.class, () -> tree(base).list("/bin/sh"));
        assertThrows(IOException.class, () -> tree(base).open("/bin"));
    }

    @Test
    void twoTreesDifferByContentNotByTime() throws IOException {
        LayerChanges changes = tree(base).changesTo(tree(top, base));
        assertEquals(
                List.of(
                        "DELETED /etc/hosts 5",
                        "MODIFIED /etc/passwd 13",
                        "ADDED /new 3",
                        "DELETED /usr/lib/x 1",
                        "ADDED /usr/lib/y 1"),
                changes.changes().stream()
                        .map(c -> c.kind() + " " + c.path() + " " + c.size())
                        .toList());
        Path again = Files.createDirectory(temp.resolve("again"));
        LinuxFiles.mkdir(again.resolve("etc"), 0755);
        Files.writeString(again.resolve("etc/passwd"), "root");
        LinuxFiles.setTimes(again.resolve("etc/passwd"), 5, 0);
        assertEquals(List.of(), tree(base).changesTo(tree(again, base)).changes());
        LinuxFiles.chmodFollowing(again.resolve("etc/passwd"), 0600);
        assertEquals(1, tree(base).changesTo(tree(again, base)).changes().size());
    }
}
