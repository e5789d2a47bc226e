package org.layerbook.engine.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootedPathTest {
    @TempDir
    Path outside;

    private Path root;

    @BeforeEach
    void tree() throws IOException {
        root = Files.createDirectories(outside.resolve("root"));
        Files.createDirectories(root.resolve("usr/lib"));
        Files.createFile(root.resolve("usr/file"));
        LinuxFiles.symlink("usr/lib", root.resolve("lib"));
        LinuxFiles.symlink("/usr", root.resolve("abs"));
        LinuxFiles.symlink("/", root.resolve("slash"));
        LinuxFiles.symlink("../../../../etc", root.resolve("usr/up"));
        LinuxFiles.symlink("../abs/lib", root.resolve("usr/chain"));
        LinuxFiles.symlink("/not/there", root.resolve("dangling"));
        LinuxFiles.symlink("loop", root.resolve("loop"));
    }

    /** Else JUnit warns of links that lead out of its directory. */
    @AfterEach
    void takeAwayLinksThatLeadOut() throws IOException {
        for (String each : List.of("abs", "slash", "usr/up", "dangling")) {
            Files.deleteIfExists(root.resolve(each));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/, '', ''",
        "'', '', ''",
        "., '', ''",
        "/usr/lib, usr/lib, usr/lib",
        "//usr//./lib/, usr/lib, usr/lib",
        "../../usr, usr, usr",
        "/usr/../../../x, x, x",
        "/lib, usr/lib, lib",
        "/lib/., usr/lib, lib",
        "/lib/a, usr/lib/a, usr/lib/a",
        "/lib/.., usr, usr",
        "/abs/file, usr/file, usr/file",
        "/slash/slash/abs, usr, abs",
        "/usr/up, etc, usr/up",
        "/usr/up/passwd, etc/passwd, etc/passwd",
        "/usr/chain, usr/lib, usr/chain",
        "/dangling, not/there, dangling",
        "/dangling/x, not/there/x, not/there/x",
        "/missing/../usr, usr, usr",
        "/usr/file/x, usr/file/x, usr/file/x",
    })
    void resolves(String inside, String followed, String kept) throws IOException {
        assertEquals(followed.isEmpty() ? root : root.resolve(followed), RootedPath.resolve(root, inside));
        assertEquals(kept.isEmpty() ? root : root.resolve(kept), RootedPath.resolveNoFollow(root, inside));
    }

    @Test
    void aLoopEnds() {
        assertThrows(FileSystemLoopException.class, () -> RootedPath.resolve(root, "/loop/x"));
    }

    @Test
    void missingDirectoriesAreMadeInsideTheRoot() throws IOException {
        List<String> made = new ArrayList<>();
        Path path = RootedPath.createParents(
                root, "/usr/up/a/b", d -> made.add(root.relativize(d).toString()));
        assertEquals(root.resolve("etc/a/b"), path);
        assertEquals(List.of("etc", "etc/a"), made);
        assertEquals(root.resolve("not/there"), RootedPath.createDirectories(root, "/dangling", d -> {}));
        assertTrue(Files.isDirectory(root.resolve("not/there")));
        assertEquals(root, RootedPath.createDirectories(root, "/", d -> {}));
    }

    @Test
    void aFileInTheWayIsNamed() {
        LinuxException e =
                assertThrows(LinuxException.class, () -> RootedPath.createDirectories(root, "/usr/file/x", d -> {}));
        assertTrue(e.is(Errno.ENOTDIR));
        assertEquals(root.resolve("usr/file").toString(), e.getFile());
    }
}
