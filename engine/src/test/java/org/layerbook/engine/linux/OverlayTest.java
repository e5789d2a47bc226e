package org.layerbook.engine.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlayTest {
    @TempDir
    Path dir;

    @BeforeEach
    void mayMount() throws IOException {
        Path probe = Files.createDirectory(dir.resolve("probe"));
        try {
            Mounts.tmpfs(probe, "");
            Mounts.unmount(probe);
        } catch (LinuxException e) {
            assumeTrue(false, "needs the right to mount (root, or a user namespace): " + e.getMessage());
        }
    }

    /** One page takes few long names, descriptors take 127 layers, lowerdir+ takes more. */
    @ParameterizedTest
    @CsvSource({"1,plain", "1,'with:colon, comma'", "127,plain", "300,plain"})
    void mounts(int layers, String name) throws IOException {
        Path base = Files.createDirectory(dir.resolve("d"));
        // overlay over overlay is refused where the test's own directory is one: a tmpfs is always fine
        Mounts.tmpfs(base, "");
        try {
            List<Path> lowers = new ArrayList<>();
            for (int i = 0; i < layers; i++) {
                Path lower = Files.createDirectories(base.resolve(name + "-" + "0123456789abcdef".repeat(4) + i));
                Files.writeString(lower.resolve("file"), "layer " + i);
                Files.writeString(lower.resolve("file" + i), "");
                lowers.add(lower);
            }
            Path upper = Files.createDirectory(base.resolve("upper"));
            Path work = Files.createDirectory(base.resolve("work"));
            Path merged = Files.createDirectory(base.resolve("merged"));
            new Overlay(lowers, Optional.of(new Overlay.Upper(upper, work)), List.of()).mount(merged);
            try {
                assertEquals("layer 0", Files.readString(merged.resolve("file")));
                assertTrue(Files.exists(merged.resolve("file" + (layers - 1))));
                Files.delete(merged.resolve("file"));
                assertTrue(LinuxFiles.lstat(upper.resolve("file")).isWhiteout());
            } finally {
                Mounts.unmount(merged);
            }
        } finally {
            Mounts.unmount(base);
        }
    }
}
