package org.layerbook.engine.layer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.HeldPath;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;

/**
 * Reads a tree that others change meanwhile, such as that of a running container: every directory is held open while it is read, so
 * nothing outside of the tree is read, whatever is put in its place. What vanishes on the way is left out.
 */
public final class LiveTree {
    private record Inode(long device, long number) {}

    private final TreeForm form;
    private final Predicate<FileStat> closed;

    /** @param closed directories that are shown without what is in them */
    public LiveTree(TreeForm form, Predicate<FileStat> closed) {
        this.form = form;
        this.closed = closed;
    }

    /** Something to be called {@code name} in a tar. */
    public record Member(HeldPath directory, Path child, String name) {}

    /** As a tar with all that is below it. @param member one name in a directory that is there */
    public void writeTar(Member member, OutputStream out) throws IOException {
        try (var tar = new TreeTar(form, Optional.of(out))) {
            write(member.directory(), member.child(), ByteString.ofText(member.name()), tar);
            tar.finish();
        }
    }

    /** As a tar of {@code directory} itself under {@code name} and all that is below it; without a name only of what is below. */
    public void writeTar(HeldPath directory, String name, OutputStream out) throws IOException {
        try (var tar = new TreeTar(form, Optional.of(out))) {
            String raw = ByteString.ofText(name);
            if (!raw.isEmpty()) {
                tar.add(raw, directory.path(), directory.stat());
            }
            writeChildren(directory, raw, tar);
            tar.finish();
        }
    }

    private void writeChildren(HeldPath directory, String name, TreeTar tar) throws IOException {
        for (String child : TreeTar.sortedNames(directory.path())) {
            try {
                write(
                        directory,
                        ByteString.child(directory.path(), child).getFileName(),
                        ByteString.join(name, child),
                        tar);
            } catch (LinuxException | NoSuchFileException e) {
                skip(e);
            }
        }
    }

    /** What has been removed or replaced since the directory was listed. */
    private static void skip(IOException e) throws IOException {
        boolean gone = e instanceof NoSuchFileException
                || e instanceof LinuxException linux
                        && (linux.is(Errno.ENOENT)
                                || linux.is(Errno.ELOOP)
                                || linux.is(Errno.ENOTDIR)
                                || linux.is(Errno.EINVAL)); // no longer a link
        if (!gone) {
            throw e;
        }
    }

    private void write(HeldPath directory, Path child, String name, TreeTar tar) throws IOException {
        Path path = directory.path().resolve(child);
        FileStat stat = LinuxFiles.lstat(path);
        if (!stat.isDirectory() && !stat.isRegular()) {
            tar.add(name, path, stat);
            return;
        }
        try (HeldPath held = directory.child(child)) {
            FileStat now = held.stat();
            if (now.isDirectory()) {
                tar.add(name, held.path(), now);
                if (!closed.test(now)) {
                    writeChildren(held, name, tar);
                }
            } else if (now.isRegular()) {
                try (FileChannel content = FileChannel.open(held.file(), StandardOpenOption.READ)) {
                    tar.add(name, path, now, content);
                }
            }
        }
    }

    /**
     * Copies an overlay's upper directory with its deletion marks.
     *
     * @param to an empty directory
     */
    public void copyUpper(HeldPath from, Path to, LeftOut leftOut) throws IOException {
        copyChildren(from, to, "", leftOut, new HashMap<>());
    }

    /** What of an upper directory does not count. */
    @FunctionalInterface
    public interface LeftOut {
        /** @param name absolute, as text */
        boolean test(String name, FileStat stat);

        /** Whether a directory counts only for what is in it. */
        default boolean isOnlyAPlace(String name) {
            return false;
        }
    }

    private void copyChildren(HeldPath from, Path to, String name, LeftOut leftOut, Map<Inode, Path> linked)
            throws IOException {
        for (String child : TreeTar.sortedNames(from.path())) {
            Path source = ByteString.child(from.path(), child);
            try {
                FileStat stat = LinuxFiles.lstat(source);
                String whole = name + "/" + ByteString.text(child);
                if (stat.type() != FileStat.SOCKET && !leftOut.test(whole, stat)) {
                    copy(from, source, stat, ByteString.child(to, child), whole, leftOut, linked);
                }
            } catch (LinuxException | NoSuchFileException e) {
                skip(e);
            }
        }
    }

    private void copy(
            HeldPath directory,
            Path source,
            FileStat stat,
            Path copy,
            String name,
            LeftOut leftOut,
            Map<Inode, Path> linked)
            throws IOException {
        if (stat.isWhiteout()) {
            form.whiteout(copy);
            return;
        }
        Path first = !stat.isDirectory() && stat.links() > 1
                ? linked.putIfAbsent(new Inode(stat.device(), stat.inode()), copy)
                : null;
        if (first != null) {
            LinuxFiles.link(first, copy);
            return;
        }
        switch (stat.type()) {
            case FileStat.DIRECTORY -> copyDirectory(directory, source, copy, name, leftOut, linked);
            case FileStat.REGULAR -> copyFile(directory, source, copy);
            default -> NodeCopies.copyNode(source, stat, copy, form);
        }
    }

    private void copyDirectory(
            HeldPath parent, Path source, Path copy, String name, LeftOut leftOut, Map<Inode, Path> linked)
            throws IOException {
        try (HeldPath held = parent.child(source.getFileName())) {
            FileStat stat = held.stat();
            if (!stat.isDirectory()) {
                return;
            }
            LinuxFiles.mkdir(copy, 0700);
            if (form.isOpaque(held.path())) {
                form.setOpaque(copy);
            }
            copyChildren(held, copy, name, leftOut, linked);
            if (leftOut.isOnlyAPlace(name) && TreeTar.sortedNames(copy).isEmpty()) {
                Trees.delete(copy);
                return;
            }
            NodeCopies.copyAttributes(held.path(), stat, copy, form);
        }
    }

    private void copyFile(HeldPath parent, Path source, Path copy) throws IOException {
        try (HeldPath held = parent.child(source.getFileName())) {
            FileStat stat = held.stat();
            if (!stat.isRegular()) {
                return;
            }
            try (FileChannel in = FileChannel.open(held.file(), StandardOpenOption.READ);
                    FileChannel out = FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                long at = 0;
                for (long n = in.transferTo(0, stat.size(), out); n > 0; n = in.transferTo(at, stat.size() - at, out)) {
                    at += n;
                }
            }
            NodeCopies.copyAttributes(source, stat, copy, form);
        }
    }

    /**
     * What an overlay's upper directory did to the layers below it, as docker lists it: each file that is there, and each directory on
     * the way to one, as changed; a directory whose time alone has changed is not.
     */
    public LayerChanges changes(HeldPath upper, List<Path> lowers, LeftOut leftOut) throws IOException {
        var changes = new LiveChanges(form, leftOut);
        changes.children(upper, new LowerDirs(lowers, form), "");
        return changes.result();
    }
}
