package org.layerbook.engine.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.layerbook.engine.linux.FileCopy;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Xattrs;

/** Copies of single files and directories of layers' trees, never through a symbolic link. */
public final class NodeCopies {
    private NodeCopies() {}

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
            default -> throw new IOException("not a file, directory, link or device: " + from);
        }
        copyAttributes(from, stat, to, form);
    }
}
