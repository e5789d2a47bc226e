package org.layerbook.engine.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.Identity;
import org.layerbook.engine.store.file.TempFiles;

/** Snapshots of a given kind in a folder of their own, with a look behind them. */
final class TestSnapshots implements Snapshots {
    enum Kind {
        OVERLAY,
        COPIES,
        /** As on a file system that takes no marks of overlayfs. */
        COPIES_WITH_OWN_MARKS
    }

    private final Snapshots all;
    private final SnapshotFolder folder;
    private final Path temp;

    private TestSnapshots(Snapshots all, SnapshotFolder folder, Path temp) {
        this.all = all;
        this.folder = folder;
        this.temp = temp;
    }

    /** Empty where this process may not mount. */
    static Optional<TestSnapshots> of(Kind kind, Path store) throws IOException {
        Path temp = Files.createDirectories(store.resolve("tmp"));
        Path home = store.resolve("snapshots");
        TempFiles files = tempFiles(temp);
        SnapshotFolder folder = new SnapshotFolder(home, files);
        if (kind == Kind.OVERLAY) {
            Snapshots found = SnapshotStores.detect(home, files, Identity.current(), UnpackLimits.DEFAULT);
            return found.driver().equals("overlayfs")
                    ? Optional.of(new TestSnapshots(found, folder, temp))
                    : Optional.empty();
        }
        TreeForm best = SnapshotStores.form(home, files, Identity.current());
        TreeForm form = kind == Kind.COPIES ? best : new TreeForm(TreeForm.Marks.OWN, best.ownership());
        Files.writeString(home.resolve("form"), form.toText());
        Snapshots copies = new StoredSnapshots(folder, new CopiedRoots(form, "a test"), form, UnpackLimits.DEFAULT);
        return Optional.of(new TestSnapshots(copies, folder, temp));
    }

    private static TempFiles tempFiles(Path temp) {
        return new TempFiles() {
            @Override
            public Path path() {
                return temp.resolve(UUID.randomUUID().toString());
            }

            @Override
            public Path directory() throws IOException {
                return Files.createDirectory(path());
            }

            @Override
            public void replace(Path file, byte[] content) throws IOException {
                Files.write(file, content);
            }

            @Override
            public boolean publish(Path made, Path target) throws IOException {
                Files.createDirectories(target.getParent());
                try {
                    LinuxFiles.renameNoReplace(made, target);
                    return true;
                } catch (LinuxException e) {
                    if (e.is(Errno.EEXIST)) {
                        return false;
                    }
                    throw e;
                }
            }
        };
    }

    /** What is still in the temporary place. */
    List<Path> leftovers() throws IOException {
        try (Stream<Path> left = Files.list(temp)) {
            return left.toList();
        }
    }

    SnapshotFolder folder() {
        return folder;
    }

    @Override
    public boolean contains(Digest chainId) {
        return all.contains(chainId);
    }

    @Override
    public Optional<Layer> layer(Digest chainId) throws IOException {
        return all.layer(chainId);
    }

    @Override
    public CollectableSnapshots collectable() {
        return all.collectable();
    }

    @Override
    public Active prepare(Optional<Digest> parent) throws IOException {
        return all.prepare(parent);
    }

    @Override
    public Durable durable(Optional<Digest> parent, Path folder) throws IOException {
        return all.durable(parent, folder);
    }

    @Override
    public View view(Optional<Digest> chain) throws IOException {
        return all.view(chain);
    }

    @Override
    public Layer unpack(Optional<Digest> parent, Digest diffId, InputStream tar) throws IOException {
        return all.unpack(parent, diffId, tar);
    }

    @Override
    public Layer unpack(Optional<Digest> parent, InputStream tar) throws IOException {
        return all.unpack(parent, tar);
    }

    @Override
    public Layer merge(Optional<Digest> parent, Digest top) throws IOException {
        return all.merge(parent, top);
    }

    @Override
    public LayerChanges changes(Digest chainId) throws IOException {
        return all.changes(chainId);
    }

    @Override
    public FileTree files(Optional<Digest> chain) throws IOException {
        return all.files(chain);
    }

    @Override
    public FileTree layerFiles(Digest chainId) throws IOException {
        return all.layerFiles(chainId);
    }

    @Override
    public void writeTar(Digest chainId, OutputStream out) throws IOException {
        all.writeTar(chainId, out);
    }

    @Override
    public UnpackLimits limits() {
        return all.limits();
    }

    @Override
    public Ownership ownership() {
        return all.ownership();
    }

    @Override
    public String driver() {
        return all.driver();
    }

    @Override
    public String description() {
        return all.description();
    }
}
