package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;

/** Whether a process finds devices where nothing can be mounted: device files of our own in its root file system. */
public enum DeviceFiles {
    USABLE,
    /** They cannot be made: in a user namespace, or without CAP_MKNOD, as in a container that podman started. */
    REFUSED,
    /** They can be made and not be opened: the file system is mounted nodev. */
    CLOSED;

    /** @param directory on the file system where root file systems lie; what is made there is removed again */
    public static DeviceFiles in(Path directory) throws IOException {
        Path attempt = Files.createTempDirectory(directory, "devices");
        try {
            Path node = attempt.resolve("null");
            try {
                LinuxFiles.mknod(node, FileStat.CHAR_DEVICE | 0600, 1, 3);
            } catch (LinuxException notAllowed) {
                return REFUSED;
            }
            try (var _ = Files.newByteChannel(node, StandardOpenOption.WRITE)) {
                return USABLE;
            } catch (FileSystemException notAllowed) {
                return CLOSED;
            }
        } finally {
            Trees.delete(attempt);
        }
    }
}
