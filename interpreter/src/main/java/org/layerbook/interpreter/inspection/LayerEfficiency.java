package org.layerbook.interpreter.inspection;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.layer.LayerChanges.Kind;
import org.layerbook.interpreter.report.LayersReport.Efficiency;
import org.layerbook.interpreter.report.LayersReport.Waste;

/**
 * Counts an image's efficiency layer by layer, by dive's rules: each layer that has a path adds to it the bytes it has
 * there; deleting a folder adds all that was in it, deleting a file nothing; folders themselves count nothing.
 */
final class LayerEfficiency {
    private static final int WORST = 10;

    private final Map<String, Path> paths = new HashMap<>();
    /** The files that the layers so far give, with their bytes. */
    private final TreeMap<String, Long> visible = new TreeMap<>();

    private long bytes;

    private static final class Path {
        int times;
        long all;
        long least = Long.MAX_VALUE;

        void add(long bytes) {
            times++;
            all += bytes;
            least = Math.min(least, bytes);
        }
    }

    /** The next layer's files. */
    interface Files {
        void each(Visitor visitor) throws IOException;
    }

    @FunctionalInterface
    interface Visitor {
        /** @param bytes 0 for what is no regular file */
        void visit(String path, long bytes) throws IOException;
    }

    /** @param files of the layer itself, no folders; @param changes for its deletions */
    void layer(Files files, LayerChanges changes) throws IOException {
        Set<String> deleted = new HashSet<>();
        for (Change change : changes.changes()) {
            if (change.kind() == Kind.DELETED && !isBelowAny(deleted, change.path())) {
                deleted.add(change.path());
                long gone = below(change.path());
                path(change.path()).add(change.fileKind() == FileKind.DIRECTORY ? gone : 0);
            }
        }
        files.each((name, size) -> {
            path(name).add(size);
            visible.put(name, size);
            bytes += size;
        });
    }

    private static boolean isBelowAny(Set<String> folders, String path) {
        for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
            if (folders.contains(path.substring(0, slash))) {
                return true;
            }
        }
        return false;
    }

    /** Takes out the file {@code name} and all below it. @return bytes that were below it */
    private long below(String name) {
        visible.remove(name);
        var inside = visible.subMap(name + "/", name + "0");
        long sum = inside.values().stream().mapToLong(Long::longValue).sum();
        inside.clear();
        return sum;
    }

    private Path path(String name) {
        return paths.computeIfAbsent(name, key -> new Path());
    }

    Efficiency result() {
        long all = 0;
        long least = 0;
        long wasted = 0;
        List<Waste> worst = new ArrayList<>();
        for (Map.Entry<String, Path> entry : paths.entrySet()) {
            Path path = entry.getValue();
            all += path.all;
            least += path.least;
            if (path.times > 1) {
                wasted += path.all;
                worst.add(new Waste(entry.getKey(), path.times, path.all));
            }
        }
        worst.sort(Comparator.comparingLong(Waste::bytes).reversed().thenComparing(Waste::path));
        worst.removeIf(waste -> waste.bytes() == 0);
        List<Waste> shown = worst.subList(0, Math.min(WORST, worst.size()));
        return new Efficiency(all == 0 ? 1 : (double) least / all, bytes, wasted, shown, worst.size() - shown.size());
    }
}
