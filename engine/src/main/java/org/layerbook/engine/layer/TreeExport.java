package org.layerbook.engine.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.layer.tar.TarWriter;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileCopy;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RootedPath;

/**
 * An image's root file system as BuildKit's exporters {@code tar} and {@code local} write it: with hard links, attributes,
 * devices and FIFOs; without sockets.
 *
 * @param time of all files, in seconds, instead of their own
 */
public record TreeExport(FileTree tree, OptionalLong time) {
    private record Directory(Path path, Path source, FileStat stat) {}

    /** @param folder in the tar, for all of it; empty for its root */
    public void toTar(TarWriter tar, String folder) throws IOException {
        String raw = ByteString.ofText(folder);
        if (!folder.isEmpty()) {
            tar.header(new TarEntry(
                    TarEntry.Kind.DIRECTORY, raw, 0755, 0, 0, 0, time.orElse(0), 0, "", 0, 0, TarEntry.NO_XATTRS));
        }
        @SuppressWarnings("resource") // the tar is the caller's
        var entries = new TreeTar(tree.form(), tar, raw, time);
        tree.nodes(entries::add);
    }

    /**
     * Into a folder, which is made if it is not there; files of the same names are replaced. No link that is there, or that
     * the tree brings, leads out of the folder. As BuildKit's client does it, owners are whoever writes, and attributes
     * that the file system does not take are left out.
     *
     * @param leftOut hears the path of each device that this process may not make; BuildKit's client stops at one
     */
    public void toFolder(Path folder, Consumer<String> leftOut) throws IOException {
        Files.createDirectories(folder);
        new ToFolder(folder.toRealPath(), leftOut).write();
    }

    private final class ToFolder {
        private final Path root;
        private final Consumer<String> leftOut;
        private final Map<Inode, Path> linked = new HashMap<>();
        private final Deque<Directory> directories = new ArrayDeque<>();

        private ToFolder(Path root, Consumer<String> leftOut) {
            this.root = root;
            this.leftOut = leftOut;
        }

        private void write() throws IOException {
            tree.nodes((name, file, stat) -> node(ByteString.text(name), file, stat));
            // Last and from the inside out: what was made in them changed their times, and could not be made in a
            // read-only one.
            for (Directory directory : directories) {
                attributes(directory.path, directory.source, directory.stat);
            }
        }

        private void node(String name, Path source, FileStat stat) throws IOException {
            if (stat.type() == FileStat.SOCKET) {
                return;
            }
            Path path = RootedPath.createParents(root, name, made -> {});
            if (stat.isDirectory()) {
                directory(path, source, stat);
                return;
            }
            Files.deleteIfExists(path);
            Path first = stat.links() > 1 ? linked.putIfAbsent(Inode.of(stat), path) : null;
            if (first != null) {
                LinuxFiles.link(first, path);
            } else if (make(path, source, stat)) {
                attributes(path, source, stat);
            } else {
                linked.remove(Inode.of(stat));
                leftOut.accept("/" + name);
            }
        }

        private void directory(Path path, Path source, FileStat stat) throws IOException {
            if (LinuxFiles.lstatIfExists(path).filter(FileStat::isDirectory).isEmpty()) {
                Files.deleteIfExists(path);
                LinuxFiles.mkdir(path, 0755);
            }
            directories.push(new Directory(path, source, stat));
        }

        /** @return false for a device that this process may not make */
        private boolean make(Path path, Path source, FileStat stat) throws IOException {
            switch (stat.type()) {
                case FileStat.SYMLINK -> LinuxFiles.symlink(LinuxFiles.readlink(source), path);
                case FileStat.REGULAR -> FileCopy.copyContent(source, path);
                default -> {
                    try {
                        LinuxFiles.mknod(path, stat.type() | 0600, stat.rdevMajor(), stat.rdevMinor());
                    } catch (LinuxException e) {
                        if (!stat.isDevice() || !e.is(Errno.EPERM)) {
                            throw e;
                        }
                        return false;
                    }
                }
            }
            return true;
        }

        private void attributes(Path path, Path source, FileStat stat) throws IOException {
            if (!stat.isSymlink()) {
                LinuxFiles.chmodFollowing(
                        path, tree.form().ownership().of(source, stat).permissions());
            }
            if (stat.isRegular() || stat.isDirectory()) {
                LayerApplier.setXattrs(path, TreeForm.attributes(source));
            }
            LinuxFiles.setTimes(path, time.orElse(stat.mtimeSeconds()), 0);
        }
    }
}
