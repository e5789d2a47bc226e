package org.layerbook.engine.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whole small files that somebody else wrote: nothing that would block or never end, and no more than is expected. */
public final class SmallFile {
    /** Bytes of a text that a person or a package writes: 16 MiB, as BuildKit takes of a Dockerfile. */
    public static final int TEXT = 16 << 20;

    private SmallFile() {}

    /**
     * What is in a file, links followed; empty where there is none, or something else than a regular file: a directory,
     * a FIFO, a device.
     *
     * @param most bytes; {@link FileSystemException} when there are more
     */
    public static Optional<byte[]> read(Path file, int most) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(most + 1);
        }
        if (bytes.length > most) {
            throw new FileSystemException(file.toString(), null, "exceeds maximum allowed size of " + most + " bytes");
        }
        return Optional.of(bytes);
    }
}
