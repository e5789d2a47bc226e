package org.layerbook.engine.layer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;

/**
 * What overlayfs would show, made by copying where overlayfs may not be mounted, and then the diff of what was changed in
 * it. A file counts as untouched, and is not read, when its ctime is from before the copy was complete and its directory is
 * the one that was made for it: nobody can set a ctime back, but a directory with old files can be moved.
 */
public final class CopiedTree {
    private record Inode(long device, long number) {
        static Inode of(FileStat stat) {
            return new Inode(stat.device(), stat.inode());
        }
    }

    private final Path root;
    private final LowerDirs lowers;
    private final TreeForm form;
    private final SameFile same;
    private final Map<String, Inode> directories = new HashMap<>();
    private Optional<FileStat> complete = Optional.empty();

    private CopiedTree(Path root, LowerDirs lowers, TreeForm form) {
        this.root = root;
        this.lowers = lowers;
        this.form = form;
        this.same = new SameFile(form);
    }

    /**
     * @param lowers layers' trees, topmost first
     * @param root an empty directory
     */
    public static CopiedTree of(List<Path> lowers, Path root, TreeForm form) throws IOException {
        CopiedTree tree = new CopiedTree(root, new LowerDirs(lowers, form), form);
        tree.fill("", root, tree.lowers, new HashMap<>());
        if (!lowers.isEmpty()) {
            NodeCopies.copyAttributes(lowers.getFirst(), LinuxFiles.lstat(lowers.getFirst()), root, form);
        }
        Path mark = root.resolveSibling(root.getFileName() + ".complete");
        Files.createFile(mark);
        tree.complete = Optional.of(LinuxFiles.lstat(mark));
        Files.delete(mark);
        return tree;
    }

    /** A copy that another process has made, of which every file is compared. */
    public static CopiedTree existing(List<Path> lowers, Path root, TreeForm form) {
        return new CopiedTree(root, new LowerDirs(lowers, form), form);
    }

    private void fill(String name, Path directory, LowerDirs from, Map<Inode, Path> linked) throws IOException {
        directories.put(name, Inode.of(LinuxFiles.lstat(directory)));
        for (Map.Entry<String, LowerDirs.Below> each : from.children().entrySet()) {
            String child = each.getKey();
            LowerDirs.Below source = each.getValue();
            LowerDirs.Visible top = source.top().orElseThrow();
            Path copy = ByteString.child(directory, child);
            if (top.stat().isDirectory()) {
                LinuxFiles.mkdir(copy, 0700);
                fill(ByteString.join(name, child), copy, source.merged(), linked);
                NodeCopies.copyAttributes(top.path(), top.stat(), copy, form);
                continue;
            }
            Path first = top.stat().links() > 1 ? linked.putIfAbsent(Inode.of(top.stat()), copy) : null;
            if (first != null) {
                LinuxFiles.link(first, copy);
            } else {
                NodeCopies.copyNode(top.path(), top.stat(), copy, form);
            }
        }
    }

    /**
     * Moves what differs from the layers below out of this tree, which is of no use afterwards.
     *
     * @param diff an empty directory on the same file system; becomes an overlay diff
     */
    public void moveChangesTo(Path diff) throws IOException {
        moveChanges("", root, lowers, new Target(diff), complete.isPresent());
    }

    /** A directory of the diff, made when something is put into it. */
    private static final class Target {
        private final Optional<Target> parent;
        private final Path path;
        private boolean made;

        Target(Path existing) {
            this.parent = Optional.empty();
            this.path = existing;
            this.made = true;
        }

        Target(Target parent, Path path) {
            this.parent = Optional.of(parent);
            this.path = path;
        }

        Path make() throws IOException {
            if (!made) {
                parent.orElseThrow().make();
                LinuxFiles.mkdir(path, 0700);
                made = true;
            }
            return path;
        }
    }

    private void moveChanges(String name, Path directory, LowerDirs below, Target target, boolean original)
            throws IOException {
        SortedMap<String, LowerDirs.Below> missing = below.children();
        for (String child : TreeTar.sortedNames(directory)) {
            Path path = ByteString.child(directory, child);
            FileStat stat = LinuxFiles.lstat(path);
            if (stat.type() == FileStat.SOCKET || stat.isWhiteout()) {
                continue;
            }
            LowerDirs.Below under = Optional.ofNullable(missing.remove(child))
                    .orElseGet(() -> new LowerDirs.Below(Optional.empty(), below.none()));
            if (stat.isDirectory() && under.isDirectory()) {
                directory(
                        ByteString.join(name, child),
                        path,
                        stat,
                        under,
                        ByteString.child(target.path, child),
                        target,
                        original);
            } else if (!isSame(path, stat, under, original)) {
                Files.move(path, ByteString.child(target.make(), child));
            }
        }
        for (String child : missing.keySet()) {
            form.whiteout(ByteString.child(target.make(), child));
        }
    }

    private void directory(
            String name,
            Path path,
            FileStat stat,
            LowerDirs.Below under,
            Path inDiff,
            Target parent,
            boolean parentIsOriginal)
            throws IOException {
        Target target = new Target(parent, inDiff);
        if (!same.directory(path, stat, under.top().orElseThrow())) {
            target.make();
        }
        boolean original = parentIsOriginal && Inode.of(stat).equals(directories.get(name));
        moveChanges(name, path, under.merged(), target, original);
        if (target.made) {
            NodeCopies.copyAttributes(path, stat, inDiff, form);
        }
    }

    private boolean isSame(Path path, FileStat stat, LowerDirs.Below under, boolean original) throws IOException {
        if (under.top().isEmpty() || stat.isDirectory()) {
            return false;
        }
        boolean untouched = original && complete.isPresent() && isBefore(stat, complete.get());
        return untouched
                || (stat.links() == 1 && same.file(path, stat, under.top().get()));
    }

    private static boolean isBefore(FileStat stat, FileStat mark) {
        return stat.ctimeSeconds() < mark.ctimeSeconds()
                || (stat.ctimeSeconds() == mark.ctimeSeconds() && stat.ctimeNanos() < mark.ctimeNanos());
    }
}
