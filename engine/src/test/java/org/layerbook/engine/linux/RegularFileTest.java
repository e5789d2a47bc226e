package org.layerbook.engine.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class RegularFileTest {
    private static final int MOST = 1000;

    @TempDir
    Path folder;

    @Test
    void aFileIsReadWhole() throws IOException {
        byte[] content = new byte[100_000];
        new Random(1).nextBytes(content);
        Path file = Files.write(folder.resolve("file"), content);
        assertArrayEquals(content, RegularFile.read(file, content.length).orElseThrow());
        try (InputStream in = RegularFile.open(file)) {
            in.skipNBytes(70_000);
            assertEquals(content[70_000] & 0xff, in.read());
            assertEquals(29_999, in.readAllBytes().length);
            assertEquals(-1, in.read());
        }
        assertEquals(Optional.of(100_000L), RegularFile.size(file));
        assertEquals(
                0,
                RegularFile.read(Files.createFile(folder.resolve("empty")), MOST)
                        .orElseThrow()
                        .length);
    }

    @Test
    void nothingIsEmptyAndAFileInTheWayIsNot() throws IOException {
        Path missing = folder.resolve("missing");
        assertEquals(Optional.empty(), RegularFile.read(missing, MOST));
        assertThrows(NoSuchFileException.class, () -> RegularFile.open(missing));
        Path below = Files.createFile(folder.resolve("file")).resolve("below");
        assertThrows(NotDirectoryException.class, () -> RegularFile.read(below, MOST));
        assertFalse(RegularFile.exists(below));
    }

    @Test
    void whatIsNoFileIsNamedAndNotOpened() throws IOException {
        Fifo.create(folder.resolve("fifo"));
        assertRefused("fifo", "is a FIFO, not a regular file");
        Files.createDirectory(folder.resolve("folder"));
        assertRefused("folder", "is a directory, not a regular file");
        assertRefused(Path.of("/dev/zero"), "is a device, not a regular file");
    }

    @Test
    void linksAreFollowedOnlyWhereThatIsAskedFor() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        assertRefused("link", "is a symbolic link, not a regular file");
        assertEquals("text", new String(RegularFile.readFollowing(link, MOST).orElseThrow()));
        Fifo.create(folder.resolve("fifo"));
        Path toFifo = Files.createSymbolicLink(folder.resolve("to-fifo"), Path.of("fifo"));
        var refused = assertThrows(WrongKindException.class, () -> RegularFile.readFollowing(toFifo, MOST));
        assertEquals("is a FIFO, not a regular file", refused.getReason());
        Path loop = Files.createSymbolicLink(folder.resolve("loop"), Path.of("loop"));
        assertThrows(WrongKindException.class, () -> RegularFile.readFollowing(loop, MOST));
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), Path.of("nowhere"));
        assertEquals(Optional.empty(), RegularFile.readFollowing(dangling, MOST));
    }

    @Test
    void moreThanTheBoundIsRefusedBeforeItIsRead() throws IOException {
        Path file = folder.resolve("huge");
        try (var huge = new RandomAccessFile(file.toFile(), "rw")) {
            huge.setLength(1L << 40);
        }
        var refused = assertThrows(WrongKindException.class, () -> RegularFile.read(file, MOST));
        assertTrue(refused.getReason().startsWith("is larger than 1000 bytes"), refused.getReason());
    }

    private void assertRefused(String name, String reason) {
        assertRefused(folder.resolve(name), reason);
    }

    private static void assertRefused(Path file, String reason) {
        assertEquals(
                reason,
                assertThrows(WrongKindException.class, () -> RegularFile.open(file))
                        .getReason());
        assertEquals(
                reason,
                assertThrows(WrongKindException.class, () -> RegularFile.read(file, MOST))
                        .getReason());
        assertFalse(RegularFile.exists(file));
    }
}
