package org.layerbook.engine.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whole small files that somebody else wrote, where anything but a file counts as no file. */
public final class SmallFile {
    /** Bytes of a text that a user or a package writes: 16 MiB, as BuildKit takes of a Dockerfile. */
    public static final int TEXT = 16 << 20;

    private SmallFile() {}

    /**
     * What is in a file, links followed; empty where there is none, or something else than a regular file: a directory,
     * a FIFO, a device.
     *
     * @param most bytes; {@link WrongKindException} when there are more
     */
    public static Optional<byte[]> read(Path file, int most) throws IOException {
        return Files.isRegularFile(file) ? RegularFile.readFollowing(file, most) : Optional.empty();
    }
}
