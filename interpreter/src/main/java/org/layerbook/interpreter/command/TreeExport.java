package org.layerbook.interpreter.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
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

    TreeExport(FileTree tree) {
        this.tree = tree;
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

    private static void attributes(Path path, FileTree.Entry entry) throws IOException {
        Files.setPosixFilePermissions(path, permissions(entry.mode()));
        Files.setLastModifiedTime(path, FileTime.from(entry.mtime()));
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

    /** With owners and times; {@code out} is not closed. */
    void toTar(OutputStream out) throws IOException {
        var tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        tree.walk("/", entry -> {
            add(tar, entry);
            return true;
        });
        tar.finish();
        tar.flush();
    }

    private void add(TarArchiveOutputStream tar, FileTree.Entry entry) throws IOException {
        String name = entry.path().substring(1);
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
        header.setLastModifiedTime(FileTime.from(entry.mtime()));
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
