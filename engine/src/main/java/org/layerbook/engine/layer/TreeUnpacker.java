package org.layerbook.engine.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.layer.tar.TarReader;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.HeldPath;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;

/**
 * Unpacks a tar into a directory of a tree in which others may work meanwhile, by docker's rules for {@code docker cp}: what is there is
 * replaced, directories are merged, neither takes the place of the other kind. Nothing is written outside of the tree.
 */
public final class TreeUnpacker {
    /** Whom what is unpacked belongs to. */
    public sealed interface Owners {
        /** To whom the tar says. */
        record AsWritten() implements Owners {}

        /** To who unpacks it. */
        record Ours() implements Owners {}

        record One(int uid, int gid) implements Owners {}
    }

    private final HeldPath root;
    private final Path inside;
    private final String shown;
    private final Owners owners;
    /** Directories get their times when nothing in them changes any more. */
    private final Map<List<String>, TarEntry> directories = new LinkedHashMap<>();

    /**
     * @param inside an existing directory, looked up as a process does whose root {@code root} is
     * @param shown what messages call that directory
     */
    public TreeUnpacker(HeldPath root, Path inside, String shown, Owners owners) {
        this.root = root;
        this.inside = inside;
        this.shown = shown;
        this.owners = owners;
    }

    /** Reads {@code tar} to its end. */
    public void unpack(InputStream tar) throws IOException {
        try (var reader = new TarReader(tar)) {
            for (Optional<TarEntry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
                List<String> names = names(entry.get().name());
                if (!names.isEmpty()) {
                    entry(entry.get(), names, reader);
                }
            }
            reader.drain();
        }
        for (Map.Entry<List<String>, TarEntry> each : directories.entrySet()) {
            try (HeldPath parent = parent(each.getKey())) {
                setTimes(child(parent, each.getKey().getLast()), each.getValue());
            } catch (LinuxException e) {
                continue; // replaced meanwhile by who works in the tree
            }
        }
    }

    private List<String> names(String raw) throws IOException {
        var names = new ArrayList<String>();
        for (String name : ByteString.names(raw)) {
            if (!name.equals("..")) {
                names.add(name);
            } else if (names.isEmpty()) {
                throw new IOException("\"" + ByteString.text(raw) + "\" is outside of \"" + shown + "\"");
            } else {
                names.removeLast();
            }
        }
        return List.copyOf(names);
    }

    private static Path child(HeldPath directory, String name) {
        return ByteString.child(directory.path(), name);
    }

    private HeldPath parent(List<String> names) throws IOException {
        return root.directory(place(names.subList(0, names.size() - 1)));
    }

    private Path place(List<String> names) {
        Path at = inside;
        for (String name : names) {
            at = ByteString.isAscii(name)
                    ? at.resolve(name)
                    : ByteString.child(Path.of("/").resolve(at), name);
        }
        return at;
    }

    /** Directories that the tar does not have are made as docker makes them. */
    private HeldPath madeParent(List<String> names) throws IOException {
        try {
            return parent(names);
        } catch (LinuxException e) {
            if (!e.is(Errno.ENOENT) || names.size() < 2) {
                throw e;
            }
        }
        List<String> missing = names.subList(0, names.size() - 1);
        try (HeldPath above = madeParent(missing)) {
            LinuxFiles.mkdir(child(above, missing.getLast()), 0755);
        }
        return parent(names);
    }

    private void entry(TarEntry entry, List<String> names, TarReader reader) throws IOException {
        try (HeldPath parent = madeParent(names)) {
            Path path = child(parent, names.getLast());
            boolean merged = makeRoom(path, entry, names);
            switch (entry.kind()) {
                case DIRECTORY -> {
                    if (!merged) {
                        LinuxFiles.mkdir(path, 0700);
                    }
                    try (HeldPath made = parent.child(path.getFileName())) {
                        own(made.path(), entry);
                        LinuxFiles.chmodFollowing(made.path(), entry.permissions());
                    }
                    directories.put(names, entry);
                }
                case FILE -> file(parent, path, entry, reader);
                case HARD_LINK -> hardLink(path, entry);
                case SYMLINK -> {
                    LinuxFiles.symlink(ByteString.bytes(entry.link()), path);
                    ownLink(path, entry);
                    setTimes(path, entry);
                }
                case CHAR_DEVICE, BLOCK_DEVICE, FIFO -> node(path, entry);
            }
        }
    }

    /** @return whether a directory is there that the entry is merged with */
    private boolean makeRoom(Path path, TarEntry entry, List<String> names) throws IOException {
        Optional<FileStat> there = LinuxFiles.lstatIfExists(path);
        if (there.isEmpty()) {
            return false;
        }
        boolean wanted = entry.kind() == TarEntry.Kind.DIRECTORY;
        if (there.get().isDirectory() != wanted) {
            String name = "\"" + within(names) + "\"";
            throw new IOException(
                    wanted
                            ? "cannot overwrite non-directory " + name + " with directory \"" + shown + "\""
                            : "cannot overwrite directory " + name + " with non-directory \"" + shown + "\"");
        }
        if (!wanted) {
            // From outside of its mount namespace the kernel would remove it, and what is mounted there with it.
            if (LinuxFiles.isMountPoint(path)) {
                throw new IOException("unlinkat " + within(names) + ": device or resource busy");
            }
            try {
                Files.deleteIfExists(path);
            } catch (FileSystemException e) {
                String reason =
                        e.getReason() == null ? e.getMessage() : e.getReason().toLowerCase(Locale.ROOT);
                throw new IOException("unlinkat " + within(names) + ": " + reason, e);
            }
        }
        return wanted;
    }

    private String within(List<String> names) {
        return (shown.endsWith("/") ? shown : shown + "/") + ByteString.text(String.join("/", names));
    }

    /** Made empty and then held: so what gets the content and the owner is what was made, and not what has taken its place. */
    private void file(HeldPath parent, Path path, TarEntry entry, TarReader reader) throws IOException {
        LinuxFiles.mknod(path, FileStat.REGULAR | 0600, 0, 0);
        try (HeldPath made = parent.child(path.getFileName())) {
            FileStat stat = made.stat();
            if (!stat.isRegular() || stat.links() != 1 || stat.size() != 0) {
                throw new IOException(ByteString.text(ByteString.nameOf(path)) + " was replaced while it was written");
            }
            try (FileChannel content = FileChannel.open(made.file(), StandardOpenOption.WRITE)) {
                reader.copyContent(content);
            }
            own(made.file(), entry);
            LinuxFiles.chmodFollowing(made.file(), entry.permissions());
            LayerApplier.setXattrs(path, entry.xattrs());
            setTimes(path, entry);
        }
    }

    private void hardLink(Path path, TarEntry entry) throws IOException {
        List<String> names = names(entry.link());
        if (names.isEmpty()) {
            throw new IOException("a hard link to a directory: " + ByteString.text(entry.name()));
        }
        try (HeldPath parent = parent(names)) {
            LinuxFiles.link(child(parent, names.getLast()), path);
        }
    }

    private void node(Path path, TarEntry entry) throws IOException {
        try {
            LinuxFiles.mknod(path, entry.kind().mode() | 0600, entry.major(), entry.minor());
        } catch (LinuxException e) {
            if (entry.isDevice() && e.is(Errno.EPERM)) {
                return; // as docker does where devices cannot be made
            }
            throw e;
        }
        ownLink(path, entry);
        setTimes(path, entry);
    }

    private void own(Path path, TarEntry entry) throws IOException {
        switch (owners) {
            case Owners.AsWritten() -> LinuxFiles.chownFollowing(path, entry.uid(), entry.gid());
            case Owners.One(int uid, int gid) -> LinuxFiles.chownFollowing(path, uid, gid);
            case Owners.Ours() -> {}
        }
    }

    private void ownLink(Path path, TarEntry entry) throws IOException {
        switch (owners) {
            case Owners.AsWritten() -> LinuxFiles.lchown(path, entry.uid(), entry.gid());
            case Owners.One(int uid, int gid) -> LinuxFiles.lchown(path, uid, gid);
            case Owners.Ours() -> {}
        }
    }

    private static void setTimes(Path path, TarEntry entry) throws IOException {
        LinuxFiles.setTimes(path, entry.mtimeSeconds(), entry.mtimeNanos());
    }
}
