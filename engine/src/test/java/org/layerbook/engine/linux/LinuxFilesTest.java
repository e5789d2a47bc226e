package org.layerbook.engine.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxFilesTest {
    @TempDir
    Path dir;

    @Test
    void statTellsWhatJavaTells() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "hello");
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_234_567_890, 123_456_789)));
        FileStat stat = LinuxFiles.lstat(file);
        assertTrue(stat.isRegular());
        assertEquals(5, stat.size());
        assertEquals(1_234_567_890, stat.mtimeSeconds());
        assertEquals(123_456_789, stat.mtimeNanos());
        assertEquals(Files.getAttribute(file, "unix:mode"), stat.mode());
        assertEquals(Files.getAttribute(file, "unix:uid"), stat.uid());
        assertEquals(Files.getAttribute(file, "unix:ino"), stat.inode());
        assertEquals(Files.getAttribute(file, "unix:nlink"), stat.links());
    }

    @Test
    void linksAreNotFollowed() throws IOException {
        Path link = dir.resolve("link");
        LinuxFiles.symlink("nowhere", link);
        LinuxFiles.setTimes(link, -5, 7);
        LinuxFiles.link(link, dir.resolve("second"));
        FileStat stat = LinuxFiles.lstat(dir.resolve("second"));
        assertTrue(stat.isSymlink());
        assertEquals(2, stat.links());
        assertEquals(-5, stat.mtimeSeconds());
        assertEquals(7, stat.mtimeNanos());
        assertArrayEquals("nowhere".getBytes(StandardCharsets.UTF_8), LinuxFiles.readlink(link));
        assertTrue(assertThrows(LinuxException.class, () -> LinuxFiles.statFollowing(link))
                .is(Errno.ENOENT));
    }

    @Test
    void aFailureNamesPathAndReason() {
        LinuxException e = assertThrows(LinuxException.class, () -> LinuxFiles.lstat(dir.resolve("missing")));
        assertEquals(dir.resolve("missing") + ": no such file or directory (statx, ENOENT)", e.getMessage());
        assertEquals(Optional.empty(), assertDoesNotThrowStat(dir.resolve("missing")));
    }

    private static Optional<FileStat> assertDoesNotThrowStat(Path path) {
        try {
            return LinuxFiles.lstatIfExists(path);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void modesAreExactWhateverTheUmask() throws IOException {
        LinuxFiles.mkdir(dir.resolve("d"), 01777);
        assertEquals(01777, LinuxFiles.lstat(dir.resolve("d")).permissions());
        LinuxFiles.mknod(dir.resolve("pipe"), FileStat.FIFO | 0666, 0, 0);
        FileStat pipe = LinuxFiles.lstat(dir.resolve("pipe"));
        assertEquals(FileStat.FIFO, pipe.type());
        assertEquals(0666, pipe.permissions());
    }

    @Test
    void namesThatAreNoTextSurvive() throws IOException {
        byte[] name = {'a', (byte) 0xff, (byte) 0xc3, (byte) 0xa9, ' ', '%', '\n'};
        Path odd = PathBytes.child(dir, name);
        LinuxFiles.mkdir(odd, 0755);
        assertTrue(LinuxFiles.lstat(odd).isDirectory());
        try (var children = Files.newDirectoryStream(dir)) {
            Path found = children.iterator().next();
            assertArrayEquals(name, PathBytes.of(found.getFileName()));
            assertTrue(LinuxFiles.lstat(found).isDirectory());
        }
    }

    @Test
    void attributesOfEveryLength() throws IOException {
        Path file = Files.createFile(dir.resolve("file"));
        assertEquals(Optional.empty(), Xattrs.get(file, "user.x"));
        byte[] large = new byte[3000];
        large[2999] = 1;
        Xattrs.set(file, "user.large", large);
        Xattrs.set(file, "user.empty", new byte[0]);
        assertEquals(
                List.of("user.empty", "user.large"),
                Xattrs.list(file).stream()
                        .filter(n -> n.startsWith("user."))
                        .sorted()
                        .toList());
        assertArrayEquals(large, Xattrs.get(file, "user.large").orElseThrow());
        assertArrayEquals(new byte[0], Xattrs.get(file, "user.empty").orElseThrow());
        Xattrs.remove(file, "user.large");
        Xattrs.remove(file, "user.large");
        assertEquals(Optional.empty(), Xattrs.get(file, "user.large"));
    }

    @Test
    void renameKeepsWhatIsThere() throws IOException {
        Path a = Files.writeString(dir.resolve("a"), "a");
        Path b = Files.writeString(dir.resolve("b"), "b");
        assertTrue(assertThrows(LinuxException.class, () -> LinuxFiles.renameNoReplace(a, b))
                .is(Errno.EEXIST));
        LinuxFiles.exchange(a, b);
        assertEquals("b", Files.readString(a));
        LinuxFiles.renameNoReplace(a, dir.resolve("c"));
        assertFalse(Files.exists(a));
    }

    @Test
    void contentIsCopiedAndAnExistingFileKept() throws IOException {
        byte[] content = new byte[300_000];
        content[299_999] = 42;
        Path from = Files.write(dir.resolve("from"), content);
        assertEquals(300_000, FileCopy.copyContent(from, dir.resolve("to")));
        assertArrayEquals(content, Files.readAllBytes(dir.resolve("to")));
        assertTrue(assertThrows(LinuxException.class, () -> FileCopy.copyContent(from, dir.resolve("to")))
                .is(Errno.EEXIST));
        assertTrue(LinuxFiles.freeBytes(dir) > 0);
    }
}
