package org.layerbook.engine.layer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.layer.tar.TarWriter;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.oci.Digest;

/**
 * The tar of a layer's tree, the same bytes whenever the same tree is written: names in the order of their bytes within
 * each directory, times in whole seconds as docker, BuildKit and the others have them, a file with several names once and
 * then as links, sockets left out. Entries are added in the tree's order; see {@link #write} for a whole tree.
 */
public final class TreeTar implements AutoCloseable {
    static final String WHITEOUT = ".wh.";
    static final String OPAQUE = ".wh..wh..opq";

    private final TreeForm form;
    private final TarWriter tar;
    private final Map<Inode, String> linked = new HashMap<>();
    private final String folder;
    private final OptionalLong time;
    private long size;

    /** @param copy where the bytes go besides being hashed; not closed */
    TreeTar(TreeForm form, Optional<OutputStream> copy) {
        this(form, TarWriter.hashing(copy), "", OptionalLong.empty());
    }

    /**
     * @param folder raw, in the tar, for the whole tree; empty for its root
     * @param time of all files, in seconds, instead of their own
     */
    TreeTar(TreeForm form, TarWriter tar, String folder, OptionalLong time) {
        this.form = form;
        this.tar = tar;
        this.folder = folder;
        this.time = time;
    }

    /**
     * Writes the tree of a committed layer.
     *
     * @param out where the bytes go; only their digest is computed when absent
     * @return the digest of the bytes, the layer's diff ID
     */
    public static Digest write(Path tree, TreeForm form, Optional<OutputStream> out) throws IOException {
        try (TreeTar tar = new TreeTar(form, out)) {
            tar.children("", tree);
            return tar.finish();
        }
    }

    private void children(String directory, Path path) throws IOException {
        if (form.isOpaque(path)) {
            opaque(directory);
        }
        for (String name : sortedNames(path)) {
            Path child = ByteString.child(path, name);
            FileStat stat = LinuxFiles.lstat(child);
            String whole = ByteString.join(directory, name);
            add(whole, child, stat);
            if (stat.isDirectory()) {
                children(whole, child);
            }
        }
    }

    /** ByteString names of all in {@code directory}, in the order a tar has them. */
    static List<String> sortedNames(Path directory) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            children.forEach(c -> names.add(ByteString.nameOf(c)));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        names.sort(null);
        return names;
    }

    /** @param name raw, relative to the root of the tree */
    void add(String name, Path path, FileStat stat) throws IOException {
        if (stat.isWhiteout()) {
            whiteout(name);
            return;
        }
        switch (stat.type()) {
            case FileStat.DIRECTORY -> header(TarEntry.Kind.DIRECTORY, name, path, stat, "");
            case FileStat.SYMLINK -> {
                String target = ByteString.of(LinuxFiles.readlink(path));
                header(TarEntry.Kind.SYMLINK, name, path, stat, target);
                size += target.length();
            }
            case FileStat.CHAR_DEVICE -> orLink(TarEntry.Kind.CHAR_DEVICE, name, path, stat);
            case FileStat.BLOCK_DEVICE -> orLink(TarEntry.Kind.BLOCK_DEVICE, name, path, stat);
            case FileStat.FIFO -> orLink(TarEntry.Kind.FIFO, name, path, stat);
            case FileStat.REGULAR -> file(name, path, stat);
            default -> {
                // A socket without its process is nothing, and tar has no kind for it.
            }
        }
    }

    void whiteout(String name) throws IOException {
        int slash = name.lastIndexOf('/');
        tar.header(TarEntry.marker(name.substring(0, slash + 1) + WHITEOUT + name.substring(slash + 1)));
    }

    void opaque(String directory) throws IOException {
        tar.header(TarEntry.marker(ByteString.join(directory, OPAQUE)));
    }

    /** Bytes of the files so far, each counted once, and of the targets of symbolic links. */
    long size() {
        return size;
    }

    Digest finish() throws IOException {
        return tar.finish();
    }

    @Override
    public void close() {
        tar.close();
    }

    private void file(String name, Path path, FileStat stat) throws IOException {
        if (!orLink(TarEntry.Kind.FILE, name, path, stat) || stat.size() == 0) {
            return;
        }
        try (FileChannel content = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            tar.content(content, stat.size());
        }
        size += stat.size();
    }

    /** A regular file that is open already. @param path for its owner and attributes */
    void add(String name, Path path, FileStat stat, FileChannel content) throws IOException {
        if (orLink(TarEntry.Kind.FILE, name, path, stat) && stat.size() > 0) {
            tar.content(content, stat.size());
            size += stat.size();
        }
    }

    /** @return false when the file was there under another name already, and a link has been written */
    private boolean orLink(TarEntry.Kind kind, String name, Path path, FileStat stat) throws IOException {
        if (stat.links() > 1) {
            String first = linked.putIfAbsent(Inode.of(stat), name);
            if (first != null) {
                header(TarEntry.Kind.HARD_LINK, name, path, stat, first);
                return false;
            }
        }
        header(kind, name, path, stat, "");
        return true;
    }

    private void header(TarEntry.Kind kind, String name, Path path, FileStat stat, String link) throws IOException {
        Ownership.Owner owner = form.ownership().of(path, stat);
        boolean device = stat.isDevice() && kind != TarEntry.Kind.HARD_LINK;
        tar.header(new TarEntry(
                kind,
                inFolder(name),
                owner.permissions(),
                owner.uid(),
                owner.gid(),
                kind == TarEntry.Kind.FILE ? stat.size() : 0,
                time.orElse(stat.mtimeSeconds()),
                0,
                kind == TarEntry.Kind.HARD_LINK ? inFolder(link) : link,
                device ? stat.rdevMajor() : 0,
                device ? stat.rdevMinor() : 0,
                kind == TarEntry.Kind.FILE || kind == TarEntry.Kind.DIRECTORY
                        ? TreeForm.attributes(path)
                        : TarEntry.NO_XATTRS));
    }

    private String inFolder(String name) {
        return ByteString.join(folder, name);
    }
}
