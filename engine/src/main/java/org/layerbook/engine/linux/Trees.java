package org.layerbook.engine.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Whole directories. */
public final class Trees {
    private Trees() {}

    /** Nothing happens where it is not there. Symbolic links are not followed. */
    public static void delete(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
                for (Path child : children) {
                    delete(child);
                }
            }
        }
        Files.deleteIfExists(directory);
    }
}
