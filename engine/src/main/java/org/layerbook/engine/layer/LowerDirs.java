package org.layerbook.engine.layer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.layerbook.engine.layer.tar.ByteString;
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
        Looking looking = new Looking();
        for (Path directory : directories) {
            Path path = ByteString.child(directory, name);
            Optional<FileStat> found = LinuxFiles.lstatIfExists(path);
            if (found.isPresent() && looking.isCovered(path, found.get())) {
                break;
            }
        }
        return looking.below();
    }

    /** All that is visible here, by raw name. */
    SortedMap<String, Below> children() throws IOException {
        SortedMap<String, Looking> names = new TreeMap<>();
        for (Path directory : directories) {
            for (String name : TreeTar.sortedNames(directory)) {
                Looking looking = names.computeIfAbsent(name, n -> new Looking());
                if (!looking.covered) {
                    Path path = ByteString.child(directory, name);
                    looking.isCovered(path, LinuxFiles.lstat(path));
                }
            }
        }
        SortedMap<String, Below> visible = new TreeMap<>();
        names.forEach((name, looking) -> {
            if (looking.top.isPresent()) {
                visible.put(name, looking.below());
            }
        });
        return visible;
    }

    /** One name on its way through the layers, from the top. */
    private final class Looking {
        private final List<Path> merged = new ArrayList<>();
        private Optional<Visible> top = Optional.empty();
        private boolean covered;

        /** @return whether nothing in the layers below the one of {@code path} is visible */
        boolean isCovered(Path path, FileStat stat) throws IOException {
            if (!stat.isDirectory()) {
                covered = true;
                if (top.isEmpty() && !stat.isWhiteout()) {
                    top = Optional.of(new Visible(path, stat));
                }
                return true;
            }
            if (top.isEmpty()) {
                top = Optional.of(new Visible(path, stat));
            }
            merged.add(path);
            covered = form.isOpaque(path);
            return covered;
        }

        Below below() {
            return new Below(top, new LowerDirs(List.copyOf(merged), form));
        }
    }
}
