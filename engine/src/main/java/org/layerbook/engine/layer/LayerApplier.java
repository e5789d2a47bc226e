package org.layerbook.engine.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.layer.tar.MalformedLayerException;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.layer.tar.TarReader;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Xattrs;
import org.layerbook.engine.oci.Digest;

/**
 * Unpacks a layer's tar, which nobody vouches for, into an overlay diff. Nothing it says reaches outside the tree:
 * symbolic links are followed only as if the tree were the root, {@code ..} beyond it is refused, and existing files are
 * replaced, never written into. What cannot be made here (device nodes in a user namespace) is left out and named.
 *
 * <p>The rules are the OCI image specification's ("Image Layer Filesystem Changeset"); where that is silent, docker's:
 * a later member of the same name wins, a whiteout hides only what is in lower layers, a parent directory that the tar
 * does not have is as in the layer below, and a directory that lies below as a symbolic link becomes a directory.
 */
public final class LayerApplier {
    /**
     * @param digest of the tar
     * @param size bytes of the files in it, and of the targets of symbolic links: what docker counts of a layer that it
     *     was given
     * @param leftOut absolute paths of what could not be made here
     */
    public record Applied(Digest digest, long size, List<String> leftOut) {
        public Applied {
            leftOut = List.copyOf(leftOut);
        }
    }

    private final DiffBuilder tree;
    private final TreeForm form;
    private final UnpackLimits limits;
    private final List<String> leftOut = new ArrayList<>();
    private long size;

    private LayerApplier(Path diff, List<Path> lowers, TreeForm form, UnpackLimits limits) {
        this.tree = new DiffBuilder(diff, lowers, form);
        this.form = form;
        this.limits = limits;
    }

    /**
     * Reads {@code tar} to its end.
     *
     * @param diff an empty directory that nobody else touches; after a failure it holds whatever was made until then
     * @param lowers the layers below, topmost first
     * @throws MalformedLayerException when the tar is malformed or refused
     */
    public static Applied apply(InputStream tar, Path diff, List<Path> lowers, TreeForm form, UnpackLimits limits)
            throws IOException {
        LayerApplier applier = new LayerApplier(diff, lowers, form, limits);
        try (TarReader reader = TarReader.hashing(tar)) {
            long entries = 0;
            for (Optional<TarEntry> e = reader.next(); e.isPresent(); e = reader.next()) {
                if (++entries > limits.maxEntries()) {
                    throw new MalformedLayerException(limits.tooManyEntries("the layer"));
                }
                applier.entry(e.get(), reader);
            }
            applier.tree.finish();
            return new Applied(reader.finish(), applier.size, applier.leftOut);
        }
    }

    private void entry(TarEntry entry, TarReader reader) throws IOException {
        size += entry.size()
                + (entry.kind() == TarEntry.Kind.SYMLINK ? entry.link().length() : 0);
        if (size > limits.maxBytes() || size < 0) {
            throw new MalformedLayerException(limits.tooManyBytes("the layer's files"));
        }
        MemberName name = MemberName.of(entry.name());
        switch (name.role()) {
            case IGNORED -> {}
            case OPAQUE -> tree.hideBelow(name.parent(), entry);
            case WHITEOUT -> tree.whiteout(name.parent(), name.last(), entry);
            case ROOT -> root(entry);
            case ORDINARY -> {
                try {
                    ordinary(entry, name, reader);
                } catch (LinuxException e) {
                    if (!entry.isDevice() || !e.is(Errno.EPERM)) {
                        throw e;
                    }
                    leftOut.add("/" + ByteString.text(String.join("/", name.names())));
                }
            }
        }
    }

    private void root(TarEntry entry) throws IOException {
        if (entry.kind() != TarEntry.Kind.DIRECTORY) {
            throw new MalformedLayerException("invalid layer: it replaces the root directory");
        }
        tree.attributesLater("", entry);
    }

    private void ordinary(TarEntry entry, MemberName name, TarReader reader) throws IOException {
        switch (entry.kind()) {
            case DIRECTORY -> tree.directory(name.parent(), name.last(), entry);
            case HARD_LINK -> tree.hardLink(name, MemberName.of(entry.link()), entry);
            case FILE -> file(name, entry, reader);
            case SYMLINK -> {
                Path path = tree.place(name.parent(), name.last(), entry);
                LinuxFiles.symlink(ByteString.bytes(entry.link()), path);
                attributes(path, entry);
            }
            case CHAR_DEVICE, BLOCK_DEVICE, FIFO -> {
                if (wouldBeADeletion(entry)) {
                    leftOut.add("/" + ByteString.text(String.join("/", name.names())));
                    return;
                }
                Path path = tree.place(name.parent(), name.last(), entry);
                LinuxFiles.mknod(path, entry.kind().mode() | 0600, entry.major(), entry.minor());
                attributes(path, entry);
            }
        }
    }

    /** As {@link FileStat#isWhiteout()} has it. */
    private static boolean wouldBeADeletion(TarEntry entry) {
        return switch (entry.kind()) {
            case CHAR_DEVICE -> entry.major() == 0 && entry.minor() == 0;
            case FIFO -> (entry.permissions() & 07777) == 0 && entry.mtimeSeconds() == FileStat.WHITEOUT_SECONDS;
            default -> false;
        };
    }

    private void file(MemberName name, TarEntry entry, TarReader reader) throws IOException {
        Path path = tree.spot(name.parent(), name.last(), entry);
        try (FileChannel file = create(path, name, entry)) {
            reader.copyContent(file);
        }
        attributes(path, entry);
    }

    /** Most places are free: only where one is not, it is looked at. */
    private FileChannel create(Path path, MemberName name, TarEntry entry) throws IOException {
        try {
            return create(path);
        } catch (FileAlreadyExistsException e) {
            tree.place(name.parent(), name.last(), entry);
        }
        try {
            return create(path);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("another process is writing to " + path, e);
        }
    }

    private static FileChannel create(Path path) throws IOException {
        return FileChannel.open(
                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    private void attributes(Path path, TarEntry entry) throws IOException {
        form.ownership().setNew(path, entry.kind().mode(), ownerOf(entry));
        if (entry.kind() == TarEntry.Kind.FILE) {
            setXattrs(path, entry.xattrs());
        }
        LinuxFiles.setTimes(path, entry.mtimeSeconds(), entry.mtimeNanos());
    }

    static Ownership.Owner ownerOf(TarEntry entry) {
        return new Ownership.Owner(entry.uid(), entry.gid(), entry.permissions());
    }

    /** Attributes the file system does not take are left out: they do not change what the file is. */
    public static void setXattrs(Path path, SortedMap<String, byte[]> xattrs) throws IOException {
        for (Map.Entry<String, byte[]> xattr : xattrs.entrySet()) {
            if (!TreeForm.isPortable(xattr.getKey())) {
                continue;
            }
            try {
                Xattrs.set(path, xattr.getKey(), xattr.getValue());
            } catch (LinuxException e) {
                if (!e.is(Errno.EOPNOTSUPP) && !e.is(Errno.EPERM)) {
                    throw e;
                }
            }
        }
    }
}
