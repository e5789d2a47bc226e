package org.layerbook.engine.layer;

import java.util.List;

/**
 * What a layer did to the tree below it, sorted by path. Directories that are in the layer only because something in
 * them changed are not listed.
 */
public record LayerChanges(List<Change> changes) {
    public LayerChanges {
        changes = List.copyOf(changes);
    }

    public enum Kind {
        ADDED,
        MODIFIED,
        DELETED
    }

    /** @param path absolute; @param size bytes of a regular file, 0 for others */
    public record Change(Kind kind, String path, FileKind fileKind, long size) {}

    public enum FileKind {
        FILE,
        DIRECTORY,
        SYMLINK,
        OTHER
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    public int count(Kind kind) {
        return (int) changes.stream().filter(c -> c.kind() == kind).count();
    }
}
