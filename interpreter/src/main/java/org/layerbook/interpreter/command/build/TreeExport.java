package org.layerbook.interpreter.command.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.linux.RootedPath;

/** An image's root file system, out of the store. Devices and the like stay behind, as what is written is for people. */
final class TreeExport {
    private final FileTree tree;
    private final Optional<Instant> time;

    /** @param epoch SOURCE_DATE_EPOCH, which all files then have for their time */
    TreeExport(FileTree tree, Optional<Long> epoch) {
        this.tree = tree;
        this.time = epoch.map(Instant::ofEpochSecond);
    }

    /** A tar of one tree or several. */
    static final class Tar implements AutoCloseable {
        private final TarArchiveOutputStream out;

        /** @param out flushed at the end, not closed */
        Tar(OutputStream out) {
            this.out = new TarArchiveOutputStream(out, "UTF-8");
            this.out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            this.out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        }

        @Override
        public void close() throws IOException {
            out.finish();
            out.flush();
        }
    }

    /**
     * Into a folder, which is made if it is not there; files of the same names are replaced. Owners are whoever writes.
     *
     * <p>No link that is there, or that the tree brings, leads out of the folder.
     */
    void toFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path root = folder.toRealPath();
        List<FileTree.Entry> directories = new ArrayList<>();
        tree.walk("/", entry -> {
            Path path = RootedPath.createParents(root, entry.path(), made -> {});
            switch (entry.kind()) {
                case DIRECTORY -> {
                    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                        Files.deleteIfExists(path);
                        Files.createDirectory(path);
                    }
                    directories.add(entry);
                }
                case FILE -> {
                    Files.deleteIfExists(path);
                    try (InputStream in = tree.open(entry.path())) {
                        Files.copy(in, path, StandardCopyOption.REPLACE_EXISTING);
                    }
                    attributes(path, entry);
                }
                case SYMLINK -> {
                    Files.deleteIfExists(path);
                    Files.createSymbolicLink(path, Path.of(entry.link().orElse("")));
                }
                case OTHER -> {}
            }
            return true;
        });
        // Last and from the inside out: what was made in them changed their times, and could not be made in a read-only
        // one.
        for (FileTree.Entry directory : directories.reversed()) {
            attributes(RootedPath.resolveNoFollow(root, directory.path()), directory);
        }
    }

    private void attributes(Path path, FileTree.Entry entry) throws IOException {
        Files.setPosixFilePermissions(path, permissions(entry.mode()));
        Files.setLastModifiedTime(path, FileTime.from(time.orElse(entry.mtime())));
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] bits = PosixFilePermission.values();
        for (int i = 0; i < bits.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(bits[i]);
            }
        }
        return permissions;
    }

    /**
     * With owners and times.
     *
     * @param folder in the tar, for all of it; empty for its root
     */
    void toTar(Tar tar, String folder) throws IOException {
        if (!folder.isEmpty()) {
            var header = new TarArchiveEntry(folder + "/");
            header.setMode(0755);
            header.setIds(0, 0);
            header.setNames("", "");
            header.setLastModifiedTime(FileTime.from(time.orElse(Instant.EPOCH)));
            tar.out.putArchiveEntry(header);
            tar.out.closeArchiveEntry();
        }
        tree.walk("/", entry -> {
            add(tar.out, folder, entry);
            return true;
        });
    }

    private void add(TarArchiveOutputStream tar, String folder, FileTree.Entry entry) throws IOException {
        String name = folder.isEmpty() ? entry.path().substring(1) : folder + entry.path();
        TarArchiveEntry header = switch (entry.kind()) {
            case DIRECTORY -> new TarArchiveEntry(name + "/");
            case SYMLINK -> {
                var link = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
                link.setLinkName(entry.link().orElse(""));
                yield link;
            }
            case FILE, OTHER -> new TarArchiveEntry(name);
        };
        if (entry.kind() == LayerChanges.FileKind.OTHER) {
            return;
        }
        header.setMode(entry.mode() & 07777);
        header.setIds(entry.uid(), entry.gid());
        header.setNames("", "");
        header.setLastModifiedTime(FileTime.from(time.orElse(entry.mtime())));
        header.setSize(entry.size());
        tar.putArchiveEntry(header);
        if (entry.size() > 0) {
            try (InputStream in = tree.open(entry.path())) {
                in.transferTo(tar);
            }
        }
        tar.closeArchiveEntry();
    }
}
