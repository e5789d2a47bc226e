package org.layerbook.engine.linux;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Deletes directories with all that is in them: symbolic links are not followed, directories may be deeper than a path can
 * be long and closed to their owner, and what others delete meanwhile is fine.
 */
public final class Trees {
    /** Deeper directories are first moved up: a path may have 4096 bytes. */
    private static final int DEPTH = 60;

    private final Path top;
    private final boolean measures;
    private final Deque<Path> roots = new ArrayDeque<>();
    private long bytes;

    private Trees(Path top, boolean measures) {
        this.top = top;
        this.measures = measures;
    }

    /** Deletes what is at {@code path}, be it a file; nothing happens where there is nothing. */
    public static void delete(Path path) throws IOException {
        new Trees(path, false).run();
    }

    /** As {@link #delete}. @return the bytes of the files */
    public static long deleteMeasured(Path path) throws IOException {
        return new Trees(path, true).run();
    }

    private long run() throws IOException {
        roots.add(top);
        while (!roots.isEmpty()) {
            delete(roots.remove(), 0);
        }
        return bytes;
    }

    private void delete(Path path, int depth) throws IOException {
        try {
            bytes += measures ? size(path) : 0;
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException notEmpty) {
            deleteDirectory(path, depth);
        }
    }

    private void deleteDirectory(Path directory, int depth) throws IOException {
        if (depth == DEPTH) {
            Path up = top.resolveSibling(top.getFileName() + ".deep-" + Long.toHexString(System.nanoTime()));
            Files.move(directory, up);
            roots.add(up);
            return;
        }
        try {
            for (Path child : children(directory)) {
                delete(child, depth + 1);
            }
        } catch (NoSuchFileException gone) {
            return;
        }
        Files.deleteIfExists(directory);
    }

    private static List<Path> children(Path directory) throws IOException {
        // Only needed, and only possible, where the files are one's own and one is not root.
        if (!Files.isWritable(directory) || !Files.isExecutable(directory) || !Files.isReadable(directory)) {
            if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw new NoSuchFileException(directory.toString());
            }
            LinuxFiles.chmodFollowing(directory, 0700);
        }
        var children = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return children;
    }

    private static long size(Path path) throws IOException {
        try {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? attributes.size() : 0;
        } catch (NoSuchFileException gone) {
            return 0;
        }
    }
}
