package org.layerbook.engine.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxFiles;

/**
 * What overlayfs would merge into one directory: the directories of lower layers that are visible there, topmost first. The
 * same rules as in the kernel, so that a layer can be compared with what lies below it without a mount.
 */
final class LowerDirs {
    private final List<Path> directories;
    private final TreeForm form;

    /** @param directories topmost first, each a directory */
    LowerDirs(List<Path> directories, TreeForm form) {
        this.directories = directories;
        this.form = form;
    }

    /** @param stat of {@code lstat} */
    record Visible(Path path, FileStat stat) {}

    /**
     * One name as it is seen through the layers.
     *
     * @param top the uppermost file or directory of that name, absent where there is none or it is deleted
     * @param merged where {@code top} is a directory, all that are merged into it; else empty
     */
    record Below(Optional<Visible> top, LowerDirs merged) {
        boolean isDirectory() {
            return top.map(v -> v.stat().isDirectory()).orElse(false);
        }
    }

    boolean isEmpty() {
        return directories.isEmpty();
    }

    List<Path> directories() {
        return directories;
    }

    LowerDirs none() {
        return new LowerDirs(List.of(), form);
    }

    /** @param name raw, without a slash */
    Below child(String name) throws IOException {
        Optional<Visible> top = Optional.empty();
        List<Path> merged = List.of();
        for (Path directory : directories) {
            Path path = Raw.child(directory, name);
            Optional<FileStat> found = LinuxFiles.lstatIfExists(path);
            if (found.isEmpty()) {
                continue;
            }
            FileStat stat = found.get();
            if (!stat.isDirectory()) {
                if (top.isEmpty() && !stat.isWhiteout()) {
                    top = Optional.of(new Visible(path, stat));
                }
                break;
            }
            if (top.isEmpty()) {
                top = Optional.of(new Visible(path, stat));
                merged = new ArrayList<>();
            }
            merged.add(path);
            if (form.isOpaque(path)) {
                break;
            }
        }
        return new Below(top, new LowerDirs(merged, form));
    }

    /** Raw names of all that is visible here, sorted. */
    SortedSet<String> names() throws IOException {
        SortedSet<String> candidates = new TreeSet<>();
        for (Path directory : directories) {
            candidates.addAll(TreeTar.sortedNames(directory));
        }
        SortedSet<String> visible = new TreeSet<>();
        for (String name : candidates) {
            if (child(name).top().isPresent()) {
                visible.add(name);
            }
        }
        return visible;
    }
}
