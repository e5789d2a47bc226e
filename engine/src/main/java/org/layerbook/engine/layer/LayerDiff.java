package org.layerbook.engine.layer;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.engine.layer.LayerChanges.Kind;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.oci.Digest;

/**
 * Reads an overlay diff against the layers below it, in one pass: what has changed, and on the way the layer's tar and
 * digest. {@link #settle} also takes out of the tree what overlayfs or a run left in it without changing anything: files
 * and directories copied up and still the same, deletions of what was not there, marks on directories that hide nothing,
 * sockets. After it the tree alone, without what is below, gives the same tar again ({@link TreeTar#write}).
 */
public final class LayerDiff {
    /** A directory that is written only if something in it is. */
    private record Pending(String name, Path path, FileStat stat) {}

    /** @param size bytes of the files in the layer */
    public record Settled(LayerChanges changes, long size, Digest diffId) {}

    private final TreeForm form;
    private final SameFile same;
    private final Optional<TreeTar> tar;
    private final boolean settle;
    private final OptionalLong clampTime;
    private final List<Change> changes = new ArrayList<>();
    private final Deque<Pending> pending = new ArrayDeque<>();

    private LayerDiff(TreeForm form, Optional<TreeTar> tar, boolean settle, OptionalLong clampTime) {
        this.form = form;
        this.same = new SameFile(form);
        this.tar = tar;
        this.settle = settle;
        this.clampTime = clampTime;
    }

    /** @param lowers the layers below, topmost first */
    public static LayerChanges changes(Path diff, List<Path> lowers, TreeForm form) throws IOException {
        LayerDiff walk = new LayerDiff(form, Optional.empty(), false, OptionalLong.empty());
        walk.children("", diff, new LowerDirs(lowers, form), false);
        return walk.result();
    }

    /**
     * Makes {@code diff} the tree of a layer. Nothing else may change it meanwhile.
     *
     * @param lowers the layers below, topmost first
     * @param clampTime seconds; later modification times become this
     * @param copy where the layer's tar goes besides being hashed
     */
    public static Settled settle(
            Path diff, List<Path> lowers, TreeForm form, OptionalLong clampTime, Optional<OutputStream> copy)
            throws IOException {
        try (TreeTar tar = new TreeTar(form, copy)) {
            LayerDiff walk = new LayerDiff(form, Optional.of(tar), true, clampTime);
            walk.children("", diff, new LowerDirs(lowers, form), false);
            walk.settleRoot(diff, lowers);
            Digest diffId = tar.finish();
            return new Settled(walk.result(), tar.size(), diffId);
        }
    }

    /** A layer does not say what the root directory itself is like: it stays as it was. */
    private void settleRoot(Path diff, List<Path> lowers) throws IOException {
        form.clearOpaque(diff);
        if (lowers.isEmpty()) {
            form.ownership().set(diff, FileStat.DIRECTORY, new Ownership.Owner(0, 0, 0755));
            LinuxFiles.setTimes(diff, 0, 0);
        } else {
            NodeCopies.copyAttributes(lowers.getFirst(), LinuxFiles.lstat(lowers.getFirst()), diff, form);
        }
    }

    private LayerChanges result() {
        changes.sort(Comparator.comparing(Change::path));
        return new LayerChanges(changes);
    }

    /**
     * @param directory raw name; empty for the root
     * @param below what lies under it
     * @param hidden whether {@code below} is replaced as a whole, by this directory or one above it: then it serves to
     *     say what has changed, but what is here is in the layer even where it is the same
     * @return whether anything was taken out
     */
    private boolean children(String directory, Path path, LowerDirs below, boolean hidden) throws IOException {
        boolean removed = false;
        List<String> names = TreeTar.sortedNames(path);
        Set<String> present = new HashSet<>();
        for (String name : names) {
            Path child = ByteString.child(path, name);
            FileStat stat = LinuxFiles.lstat(child);
            LowerDirs.Below under = below.isEmpty() ? new LowerDirs.Below(Optional.empty(), below) : below.child(name);
            String whole = ByteString.join(directory, name);
            if (name.startsWith(TreeTar.WHITEOUT)) {
                throw new IOException("cannot add /" + ByteString.text(whole)
                        + " to a layer: names that begin with .wh. are reserved for whiteouts");
            }
            boolean kept = switch (stat.type()) {
                case FileStat.DIRECTORY -> directory(whole, child, stat, under, hidden);
                case FileStat.SOCKET -> false;
                default -> stat.isWhiteout() ? whiteout(whole, under, hidden) : file(whole, child, stat, under, hidden);
            };
            if (!stat.isWhiteout()) {
                present.add(name);
            }
            if (!kept && settle) {
                Trees.delete(child);
                removed = true;
            }
        }
        if (hidden) {
            missing(directory, present, below);
        }
        return removed;
    }

    private boolean whiteout(String name, LowerDirs.Below under, boolean hidden) throws IOException {
        if (under.top().isEmpty() || hidden) {
            return false;
        }
        FileStat gone = under.top().get().stat();
        changes.add(new Change(Kind.DELETED, absolute(name), FileTree.kind(gone), size(gone)));
        flush();
        if (tar.isPresent()) {
            tar.get().whiteout(name);
        }
        return true;
    }

    private boolean file(String name, Path path, FileStat stat, LowerDirs.Below under, boolean hidden)
            throws IOException {
        boolean unchanged =
                under.top().isPresent() && same.file(path, stat, under.top().get());
        // A further name for the file was made up here, which the layer can only say by having the file.
        if (unchanged && !hidden && stat.links() == 1) {
            return false;
        }
        if (!unchanged) {
            changed(name, stat, under);
        }
        emit(name, path, stat);
        return true;
    }

    private boolean directory(String name, Path path, FileStat stat, LowerDirs.Below under, boolean hidden)
            throws IOException {
        boolean opaque = form.isOpaque(path);
        boolean replacesDirectory = under.isDirectory();
        if (opaque && settle && (hidden || !replacesDirectory)) {
            form.clearOpaque(path);
        }
        boolean hides = replacesDirectory && (opaque || hidden);
        boolean sameAsBelow =
                replacesDirectory && same.directory(path, stat, under.top().get());
        if (!sameAsBelow) {
            changed(name, stat, under);
        }
        boolean written = !sameAsBelow || hides;
        Pending parent = new Pending(name, path, stat);
        if (written) {
            emit(name, path, stat);
        } else {
            pending.addLast(parent);
        }
        if (hides && !hidden && tar.isPresent()) {
            tar.get().opaque(name);
        }
        boolean removed = children(name, path, under.merged(), hides);
        if (pending.peekLast() == parent) {
            pending.removeLast();
            return false;
        }
        if (settle && (removed || isClamped(stat))) {
            FileStat wanted = clamped(stat);
            LinuxFiles.setTimes(path, wanted.mtimeSeconds(), wanted.mtimeNanos());
        }
        return true;
    }

    /** What a replaced directory had and has no longer. */
    private void missing(String directory, Set<String> present, LowerDirs below) throws IOException {
        for (Map.Entry<String, LowerDirs.Below> child : below.children().entrySet()) {
            if (!present.contains(child.getKey())) {
                FileStat gone = child.getValue().top().orElseThrow().stat();
                String name = absolute(ByteString.join(directory, child.getKey()));
                changes.add(new Change(Kind.DELETED, name, FileTree.kind(gone), size(gone)));
            }
        }
    }

    private void changed(String name, FileStat stat, LowerDirs.Below under) {
        Kind kind = under.top().isPresent() ? Kind.MODIFIED : Kind.ADDED;
        changes.add(new Change(kind, absolute(name), FileTree.kind(stat), size(stat)));
    }

    private void emit(String name, Path path, FileStat stat) throws IOException {
        flush();
        write(name, path, stat);
    }

    /** Writes the directories on the way to what comes next. */
    private void flush() throws IOException {
        while (!pending.isEmpty()) {
            Pending directory = pending.removeFirst();
            write(directory.name(), directory.path(), directory.stat());
        }
    }

    private void write(String name, Path path, FileStat stat) throws IOException {
        // A directory's time is set when nothing in it changes any more.
        if (isClamped(stat) && !stat.isDirectory()) {
            LinuxFiles.setTimes(path, clampTime.getAsLong(), 0);
        }
        if (tar.isPresent()) {
            tar.get().add(name, path, clamped(stat));
        }
    }

    private boolean isClamped(FileStat stat) {
        return clampTime.isPresent() && stat.mtime().isAfter(Instant.ofEpochSecond(clampTime.getAsLong()));
    }

    private FileStat clamped(FileStat stat) {
        return isClamped(stat) ? stat.withMtime(clampTime.getAsLong(), 0) : stat;
    }

    private static String absolute(String name) {
        return "/" + ByteString.text(name);
    }

    private static long size(FileStat stat) {
        return stat.isRegular() ? stat.size() : 0;
    }
}
