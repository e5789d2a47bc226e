package org.layerbook.engine.layer;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.layerbook.engine.linux.FileCopy;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Xattrs;

/** Copying and deleting in layers' trees, never through a symbolic link. */
public final class Trees {
    /** Deeper directories are first moved up: a path may have 4096 bytes, a tree may be deeper. */
    private static final int DEPTH = 60;

    private Trees() {}

    /** Deletes what is at {@code path} with all below it; nothing happens where there is nothing. */
    public static void delete(Path path) throws IOException {
        try {
            Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException notEmpty) {
            Deque<Path> roots = new ArrayDeque<>();
            roots.add(path);
            while (!roots.isEmpty()) {
                deleteTree(roots.peek(), path, roots, 0);
                roots.remove();
            }
        }
    }

    private static void deleteTree(Path directory, Path top, Deque<Path> roots, int depth) throws IOException {
        if (depth == DEPTH) {
            Path up = top.resolveSibling(top.getFileName() + ".deep-" + Long.toHexString(System.nanoTime()));
            Files.move(directory, up);
            roots.add(up);
            return;
        }
        // Only needed, and only possible, where the files are one's own and one is not root.
        if (!Files.isWritable(directory) || !Files.isExecutable(directory) || !Files.isReadable(directory)) {
            LinuxFiles.chmodFollowing(directory, 0700);
        }
        for (String name : TreeTar.sortedNames(directory)) {
            Path child = ByteString.child(directory, name);
            try {
                Files.deleteIfExists(child);
            } catch (DirectoryNotEmptyException notEmpty) {
                deleteTree(child, top, roots, depth + 1);
            }
        }
        try {
            Files.delete(directory);
        } catch (NoSuchFileException gone) {
            // Another process is deleting the same leftovers.
        }
    }

    /** Gives {@code to} the owner, permissions, attributes and time of {@code from}. */
    public static void copyAttributes(Path from, FileStat stat, Path to, TreeForm form) throws IOException {
        form.ownership().set(to, stat.type(), form.ownership().of(from, stat));
        if (stat.isRegular() || stat.isDirectory()) {
            for (Map.Entry<String, byte[]> xattr : TreeForm.attributes(from).entrySet()) {
                Xattrs.set(to, xattr.getKey(), xattr.getValue());
            }
        }
        LinuxFiles.setTimes(to, stat.mtimeSeconds(), stat.mtimeNanos());
    }

    /** Makes {@code to}, which must not exist, a copy of {@code from}; of a directory without what is in it. */
    public static void copyNode(Path from, FileStat stat, Path to, TreeForm form) throws IOException {
        switch (stat.type()) {
            case FileStat.DIRECTORY -> LinuxFiles.mkdir(to, 0700);
            case FileStat.REGULAR -> FileCopy.copyContent(from, to);
            case FileStat.SYMLINK -> LinuxFiles.symlink(LinuxFiles.readlink(from), to);
            case FileStat.CHAR_DEVICE, FileStat.BLOCK_DEVICE, FileStat.FIFO ->
                LinuxFiles.mknod(to, stat.type() | 0600, stat.rdevMajor(), stat.rdevMinor());
            default -> throw new IOException("neither file, directory, link nor device: " + from);
        }
        copyAttributes(from, stat, to, form);
    }
}
