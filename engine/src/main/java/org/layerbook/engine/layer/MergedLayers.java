package org.layerbook.engine.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;

/**
 * Several layers' trees copied into one overlay diff that does to what lies below them the same as they do one after the
 * other. It is not settled: what they made and took away again, or left as it was, is for {@link LayerDiff#settle} to take
 * out.
 */
public final class MergedLayers {
    private final TreeForm form;
    private final Map<Inode, Path> linked = new HashMap<>();

    private MergedLayers(TreeForm form) {
        this.form = form;
    }

    /**
     * @param trees of the layers, topmost first
     * @param diff an empty directory
     */
    public static void write(List<Path> trees, Path diff, TreeForm form) throws IOException {
        var merged = new MergedLayers(form);
        if (merged.children(trees, diff)) {
            form.setOpaque(diff);
        }
    }

    /**
     * @param directories that are merged, topmost first
     * @return whether one of them hides what lies below all of them
     */
    private boolean children(List<Path> directories, Path target) throws IOException {
        var shown = new ArrayList<Path>();
        boolean opaque = false;
        for (Path directory : directories) {
            shown.add(directory);
            if (form.isOpaque(directory)) {
                opaque = true;
                break;
            }
        }
        SortedSet<String> names = new TreeSet<>();
        for (Path directory : shown) {
            names.addAll(new HashSet<>(TreeTar.sortedNames(directory)));
        }
        for (String name : names) {
            child(name, shown, ByteString.child(target, name));
        }
        return opaque;
    }

    private void child(String name, List<Path> directories, Path target) throws IOException {
        var merged = new ArrayList<Path>();
        boolean hides = false;
        for (Path directory : directories) {
            Path path = ByteString.child(directory, name);
            Optional<FileStat> stat = LinuxFiles.lstatIfExists(path);
            if (stat.isEmpty()) {
                continue;
            }
            if (stat.get().isDirectory()) {
                merged.add(path);
                continue;
            }
            if (merged.isEmpty()) {
                node(path, stat.get(), target);
                return;
            }
            // A directory in the place of something else: nothing from below is seen in it.
            hides = true;
            break;
        }
        LinuxFiles.mkdir(target, 0700);
        boolean opaque = children(merged, target);
        if (hides || opaque) {
            form.setOpaque(target);
        }
        Path top = merged.getFirst();
        NodeCopies.copyAttributes(top, LinuxFiles.lstat(top), target, form);
    }

    private void node(Path path, FileStat stat, Path target) throws IOException {
        if (stat.isWhiteout()) {
            form.whiteout(target);
            return;
        }
        Path first = stat.links() > 1 ? linked.putIfAbsent(Inode.of(stat), target) : null;
        if (first != null) {
            LinuxFiles.link(first, target);
        } else {
            NodeCopies.copyNode(path, stat, target, form);
        }
    }
}
