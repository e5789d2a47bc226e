package org.layerbook.engine.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.layer.tar.TarReader;
import org.layerbook.engine.linux.LinuxFiles;

/** Sparse files as GNU tar packs them. */
class SparseTarTest {
    private static final String NAME = "sparse-file";

    @TempDir
    Path folder;

    /** Fifty pieces of a block each, more than one header of the old format has, and a hole at the end. */
    private Path file() throws IOException {
        Path file = folder.resolve(NAME);
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            for (int i = 0; i < 50; i++) {
                out.seek(i * 65_536L);
                out.write(("piece " + i).getBytes());
            }
            out.setLength(50 * 65_536L);
        }
        return file;
    }

    private byte[] tar(List<String> format, Path file) throws IOException, InterruptedException {
        Path tar = folder.resolve("a.tar");
        var command = new ArrayList<>(List.of("tar", "--sparse", "-cf", tar.toString(), "-C", "" + folder));
        command.addAll(format);
        command.add(file.getFileName().toString());
        try {
            assumeTrue(new ProcessBuilder(command).inheritIO().start().waitFor() == 0, "tar makes no sparse archive");
        } catch (IOException e) {
            assumeTrue(false, "GNU tar is missing");
        }
        byte[] bytes = Files.readAllBytes(tar);
        assumeTrue(bytes.length < 2_000_000, "this file system has no sparse files");
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--format=gnu",
                "--format=pax --sparse-version=0.0",
                "--format=pax --sparse-version=0.1",
                "--format=pax --sparse-version=1.0"
            })
    void isReadInEveryFormat(String format) throws Exception {
        Path file = file();
        byte[] whole = Files.readAllBytes(file);
        byte[] tar = tar(List.of(format.split(" ")), file);
        try (var reader = new TarReader(new ByteArrayInputStream(tar))) {
            TarEntry entry = reader.next().orElseThrow();
            assertEquals(NAME, entry.name());
            assertEquals(whole.length, entry.size());
            assertArrayEquals(whole, reader.content().readAllBytes());
            assertTrue(reader.next().isEmpty());
        }
        Path diff = Files.createDirectory(folder.resolve("diff"));
        LayerApplier.Applied applied = LayerApplier.apply(
                new ByteArrayInputStream(tar), diff, List.of(), TestTrees.FORM, UnpackLimits.DEFAULT);
        assertEquals(whole.length, applied.size());
        assertArrayEquals(whole, Files.readAllBytes(diff.resolve(NAME)));
        assertTrue(LinuxFiles.lstat(diff.resolve(NAME)).blocks() * 512 < whole.length / 2, "holes stay holes");
    }
}
