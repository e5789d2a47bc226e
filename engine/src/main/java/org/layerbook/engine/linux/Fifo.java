package org.layerbook.engine.linux;

import java.io.IOException;
import java.nio.file.Path;

/** Named pipes. */
public final class Fifo {
    private static final int O_NONBLOCK = 04000;

    private Fifo() {}

    /** Readable and writable by its owner only. */
    public static void create(Path path) throws IOException {
        LinuxFiles.mknod(path, FileStat.FIFO | 0600, 0, 0);
    }

    /** Whether somebody has it open to read, so that opening it to write does not wait. */
    public static boolean hasReader(Path path) throws IOException {
        try (FileDescriptor _ = FileDescriptor.open(path, FileDescriptor.O_WRONLY | O_NONBLOCK, 0)) {
            return true;
        } catch (LinuxException e) {
            if (e.is(Errno.ENXIO) || e.is(Errno.ENOENT)) {
                return false;
            }
            throw e;
        }
    }
}
