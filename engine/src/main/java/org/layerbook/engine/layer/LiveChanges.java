package org.layerbook.engine.layer;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.engine.layer.LayerChanges.Kind;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.HeldPath;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;

/** See {@link LiveTree#changes}. */
final class LiveChanges {
    private final SameFile same;
    private final TreeForm form;
    private final LiveTree.LeftOut leftOut;
    private final List<Change> changes = new ArrayList<>();

    LiveChanges(TreeForm form, LiveTree.LeftOut leftOut) {
        this.form = form;
        this.same = new SameFile(form);
        this.leftOut = leftOut;
    }

    LayerChanges result() {
        changes.sort(Comparator.comparing(Change::path));
        return new LayerChanges(changes);
    }

    /** @return whether anything is listed below {@code name} */
    boolean children(HeldPath directory, LowerDirs below, String name) throws IOException {
        boolean found = false;
        for (String child : TreeTar.sortedNames(directory.path())) {
            Path path = ByteString.child(directory.path(), child);
            String whole = name + "/" + ByteString.text(child);
            try {
                FileStat stat = LinuxFiles.lstat(path);
                if (!leftOut.test(whole, stat)) {
                    LowerDirs.Below under =
                            below.isEmpty() ? new LowerDirs.Below(Optional.empty(), below) : below.child(child);
                    found |= entry(directory, path, stat, under, whole);
                }
            } catch (NoSuchFileException e) {
                continue;
            } catch (LinuxException e) {
                if (!e.is(Errno.ENOENT) && !e.is(Errno.ELOOP) && !e.is(Errno.ENOTDIR)) {
                    throw e;
                }
            }
        }
        return found;
    }

    private boolean entry(HeldPath directory, Path path, FileStat stat, LowerDirs.Below under, String name)
            throws IOException {
        if (stat.isWhiteout()) {
            under.top().ifPresent(gone -> add(Kind.DELETED, name, gone.stat()));
            return under.top().isPresent();
        }
        if (!stat.isDirectory()) {
            add(under.top().isPresent() ? Kind.MODIFIED : Kind.ADDED, name, stat);
            return true;
        }
        boolean changed =
                !under.isDirectory() || !same.directory(path, stat, under.top().orElseThrow());
        changed &= !leftOut.isOnlyAPlace(name);
        boolean inside;
        try (HeldPath held = directory.child(path.getFileName())) {
            boolean opaque = under.isDirectory() && form.isOpaque(held.path());
            inside = children(held, opaque ? under.merged().none() : under.merged(), name);
            if (opaque) {
                inside |= replaced(held, under.merged(), name);
            }
        }
        if (changed || inside) {
            add(under.top().isPresent() ? Kind.MODIFIED : Kind.ADDED, name, stat);
        }
        return changed || inside;
    }

    /** A directory that was removed and made again: what it had is deleted, what is there again is changed. */
    private boolean replaced(HeldPath directory, LowerDirs below, String name) throws IOException {
        Set<String> present = new HashSet<>(TreeTar.sortedNames(directory.path()));
        boolean found = false;
        for (Map.Entry<String, LowerDirs.Below> child : below.children().entrySet()) {
            if (!present.contains(child.getKey())) {
                add(
                        Kind.DELETED,
                        name + "/" + ByteString.text(child.getKey()),
                        child.getValue().top().orElseThrow().stat());
                found = true;
            }
        }
        return found;
    }

    private void add(Kind kind, String name, FileStat stat) {
        changes.add(new Change(kind, name, FileTree.kind(stat), stat.isRegular() ? stat.size() : 0));
    }
}
