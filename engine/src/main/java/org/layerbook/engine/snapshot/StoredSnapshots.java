package org.layerbook.engine.snapshot;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.CopiedTree;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerApplier;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerDiff;
import org.layerbook.engine.layer.LiveTree;
import org.layerbook.engine.layer.MergedLayers;
import org.layerbook.engine.layer.Ownership;
import org.layerbook.engine.layer.TreeForm;
import org.layerbook.engine.layer.TreeTar;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.linux.HeldPath;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.oci.Digest;

/** {@link Snapshots} in a {@link SnapshotFolder}, with {@link Roots} of either kind: on disk they are the same. */
final class StoredSnapshots implements Snapshots {
    private final SnapshotFolder folder;
    private final Roots roots;
    private final TreeForm form;
    private final UnpackLimits limits;
    private final Map<Optional<Digest>, SharedView> views = new HashMap<>();
    private final KnownChanges known = new KnownChanges();

    StoredSnapshots(SnapshotFolder folder, Roots roots, TreeForm form, UnpackLimits limits) {
        this.folder = folder;
        this.roots = roots;
        this.form = form;
        this.limits = limits;
    }

    @Override
    public boolean contains(Digest chainId) {
        return folder.contains(chainId);
    }

    @Override
    public Optional<Layer> layer(Digest chainId) throws IOException {
        try {
            return Optional.of(folder.record(chainId).layer());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public UnpackLimits limits() {
        return limits;
    }

    @Override
    public CollectableSnapshots collectable() {
        return folder;
    }

    @Override
    public Active prepare(Optional<Digest> parent) throws IOException {
        List<Digest> chain = folder.chain(parent);
        Path place = folder.temp().directory();
        try {
            return new ActiveSnapshot(chain, place, roots.writable(folder.trees(chain), place));
        } catch (IOException | RuntimeException e) {
            Trees.delete(place);
            throw e;
        }
    }

    @Override
    public Durable durable(Optional<Digest> parent, Path place) throws IOException {
        List<Digest> chain = folder.chain(parent);
        return new DurableSnapshot(chain, roots.durable(folder.trees(chain), place));
    }

    @Override
    public View view(Optional<Digest> chain) throws IOException {
        synchronized (views) {
            SharedView shared = views.get(chain);
            if (shared == null) {
                shared = open(chain);
                views.put(chain, shared);
            }
            shared.users++;
            return new ViewHandle(chain, shared.root.root());
        }
    }

    private SharedView open(Optional<Digest> chain) throws IOException {
        List<Path> trees = folder.trees(folder.chain(chain));
        Path place = folder.temp().directory();
        try {
            return new SharedView(place, roots.readable(trees, place));
        } catch (IOException | RuntimeException e) {
            Trees.delete(place);
            throw e;
        }
    }

    private void release(Optional<Digest> chain) throws IOException {
        synchronized (views) {
            SharedView shared = views.get(chain);
            if (--shared.users == 0) {
                views.remove(chain);
                shared.root.close();
                Trees.delete(shared.place);
            }
        }
    }

    @Override
    public Layer unpack(Optional<Digest> parent, Digest diffId, InputStream tar) throws IOException {
        return unpack(parent, Optional.of(diffId), tar);
    }

    @Override
    public Layer unpack(Optional<Digest> parent, InputStream tar) throws IOException {
        return unpack(parent, Optional.empty(), tar);
    }

    private Layer unpack(Optional<Digest> parent, Optional<Digest> expected, InputStream tar) throws IOException {
        List<Digest> chain = folder.chain(parent);
        Path place = folder.temp().directory();
        try {
            Path tree = place.resolve("fs");
            LinuxFiles.mkdir(tree, 0700);
            LayerApplier.Applied applied = LayerApplier.apply(tar, tree, folder.trees(chain), form, limits);
            Digest diffId = applied.digest();
            if (!diffId.equals(expected.orElse(diffId))) {
                throw new IOException("layer digest mismatch: got " + diffId + ", expected " + expected.get());
            }
            SnapshotRecord record = new SnapshotRecord(
                    Layer.chain(parent, diffId), chain, diffId, applied.size(), false, applied.leftOut());
            folder.publish(tree, record);
            return record.layer();
        } finally {
            Trees.delete(place);
        }
    }

    @Override
    public Layer merge(Optional<Digest> parent, Digest top) throws IOException {
        List<Digest> below = folder.chain(parent);
        List<Digest> all = folder.chain(Optional.of(top));
        int count = all.size() - below.size();
        if (count < 0 || !all.subList(count, all.size()).equals(below)) {
            throw new IllegalArgumentException(top + " is not on top of " + parent);
        }
        Path place = folder.temp().directory();
        try {
            Path tree = place.resolve("fs");
            LinuxFiles.mkdir(tree, 0700);
            MergedLayers.write(folder.trees(all.subList(0, count)), tree, form);
            return publish(tree, below, OptionalLong.empty()).layer();
        } finally {
            Trees.delete(place);
        }
    }

    /** @param diff not yet settled; nobody changes it any more */
    private Committed publish(Path diff, List<Digest> below, OptionalLong clamp) throws IOException {
        LayerDiff.Settled settled = LayerDiff.settle(diff, folder.trees(below), form, clamp, Optional.empty());
        Digest chainId = Layer.chain(below.stream().findFirst(), settled.diffId());
        SnapshotRecord record = new SnapshotRecord(chainId, below, settled.diffId(), settled.size(), true, List.of());
        folder.publish(diff, record);
        return new Committed(record.layer(), settled.changes());
    }

    @Override
    public LayerChanges changes(Digest chainId) throws IOException {
        SnapshotRecord record = folder.record(chainId);
        Optional<LayerChanges> seen = known.find(chainId);
        if (seen.isPresent()) {
            return seen.get();
        }
        LayerChanges changes = LayerDiff.changes(folder.tree(chainId), folder.trees(record.below()), form);
        known.put(chainId, changes);
        return changes;
    }

    @Override
    public FileTree files(Optional<Digest> chain) throws IOException {
        return new FileTree(folder.trees(folder.chain(chain)), form);
    }

    @Override
    public FileTree layerFiles(Digest chainId) throws IOException {
        folder.record(chainId);
        return new FileTree(List.of(folder.tree(chainId)), form);
    }

    @Override
    public void writeTar(Digest chainId, OutputStream out) throws IOException {
        SnapshotRecord record = folder.record(chainId);
        // One that was unpacked may have been built here, or by another of us: then its tree gives its tar after all.
        if (!record.built()
                && !TreeTar.write(folder.tree(chainId), form, Optional.empty()).equals(record.diffId())) {
            throw new IOException(
                    "layer " + record.diffId() + " was not built here: its files do not reproduce its tar");
        }
        Digest written = TreeTar.write(folder.tree(chainId), form, Optional.of(out));
        if (!written.equals(record.diffId())) {
            throw new IOException("the files of layer " + record.diffId()
                    + " in the store have changed: digest mismatch: got " + written);
        }
    }

    @Override
    public Ownership ownership() {
        return form.ownership();
    }

    @Override
    public String driver() {
        return roots.driver();
    }

    @Override
    public String description() {
        return roots.description();
    }

    private static final class SharedView {
        private final Path place;
        private final Roots.Readable root;
        private int users;

        SharedView(Path place, Roots.Readable root) {
            this.place = place;
            this.root = root;
        }
    }

    private final class ViewHandle implements View {
        private final Optional<Digest> chain;
        private final Path root;
        private boolean open = true;

        ViewHandle(Optional<Digest> chain, Path root) {
            this.chain = chain;
            this.root = root;
        }

        @Override
        public Path root() {
            return root;
        }

        @Override
        public synchronized void close() throws IOException {
            if (open) {
                open = false;
                release(chain);
            }
        }
    }

    private final class ActiveSnapshot implements Active {
        private final List<Digest> below;
        private final Path place;
        private final Roots.Writable writable;
        private boolean open = true;

        ActiveSnapshot(List<Digest> below, Path place, Roots.Writable writable) {
            this.below = below;
            this.place = place;
            this.writable = writable;
        }

        @Override
        public Path root() {
            return writable.root();
        }

        @Override
        public synchronized Committed commit(CommitOptions options) throws IOException {
            if (!open) {
                throw new IllegalStateException("already committed or closed");
            }
            Path diff = writable.finish();
            OptionalLong clamp = options.clampTime().map(OptionalLong::of).orElse(OptionalLong.empty());
            Committed committed = publish(diff, below, clamp);
            close();
            return committed;
        }

        @Override
        public synchronized void close() throws IOException {
            if (open) {
                open = false;
                writable.close();
                Trees.delete(place);
            }
        }
    }

    private final class DurableSnapshot implements Durable {
        private final List<Digest> below;
        private final Roots.Kept kept;

        DurableSnapshot(List<Digest> below, Roots.Kept kept) {
            this.below = below;
            this.kept = kept;
        }

        @Override
        public Path root() {
            return kept.root();
        }

        @Override
        public Optional<Path> changes() {
            return kept.upper();
        }

        @Override
        public void mount() throws IOException {
            kept.mount();
        }

        @Override
        public void unmount() throws IOException {
            kept.unmount();
        }

        @Override
        public LayerChanges differences(LiveTree.LeftOut leftOut) throws IOException {
            List<Path> lowers = folder.trees(below);
            if (kept.upper().isPresent()) {
                return differences(kept.upper().get(), lowers, leftOut);
            }
            Path place = folder.temp().directory();
            try {
                return differences(copied(place, leftOut), lowers, (_, _) -> false);
            } finally {
                Trees.delete(place);
            }
        }

        private LayerChanges differences(Path upper, List<Path> lowers, LiveTree.LeftOut leftOut) throws IOException {
            try (HeldPath held = HeldPath.root(upper)) {
                return new LiveTree(form, _ -> false).changes(held, lowers, leftOut);
            }
        }

        @Override
        public Committed commit(LiveTree.LeftOut leftOut) throws IOException {
            Path place = folder.temp().directory();
            try {
                return publish(copied(place, leftOut), below, OptionalLong.empty());
            } finally {
                Trees.delete(place);
            }
        }

        /** A copy of the changes, which nobody changes any more. */
        private Path copied(Path place, LiveTree.LeftOut leftOut) throws IOException {
            Path copy = place.resolve("copy");
            LinuxFiles.mkdir(copy, 0700);
            try (HeldPath held = HeldPath.root(kept.upper().orElse(kept.root()))) {
                new LiveTree(form, _ -> false).copyUpper(held, copy, leftOut);
            }
            if (kept.upper().isPresent()) {
                return copy;
            }
            Path diff = place.resolve("fs");
            LinuxFiles.mkdir(diff, 0700);
            CopiedTree.existing(folder.trees(below), copy, form).moveChangesTo(diff);
            return diff;
        }
    }
}
