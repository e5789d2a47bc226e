package org.layerbook.engine.layer;

import java.util.List;
import java.util.function.Supplier;

/**
 * What a layer did to the tree below it, sorted by path. Directories that are in the layer only because something in
 * them changed are not listed. Immutable, thread-safe.
 */
public final class LayerChanges {
    private final Supplier<List<Change>> source;
    private List<Change> known;

    private LayerChanges(Supplier<List<Change>> source) {
        this.source = source;
    }

    public LayerChanges(List<Change> changes) {
        List<Change> copy = List.copyOf(changes);
        this(() -> copy);
    }

    /**
     * Changes that are looked for when they are first asked for: of the steps of a long build that all came from the cache,
     * nobody may ever ask.
     *
     * @param source asked until it has answered once
     */
    public static LayerChanges lazily(Supplier<LayerChanges> source) {
        return new LayerChanges(() -> source.get().changes());
    }

    public synchronized List<Change> changes() {
        if (known == null) {
            known = source.get();
        }
        return known;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LayerChanges that && changes().equals(that.changes());
    }

    @Override
    public int hashCode() {
        return changes().hashCode();
    }

    @Override
    public String toString() {
        return changes().toString();
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
        return changes().isEmpty();
    }

    public int count(Kind kind) {
        return (int) changes().stream().filter(c -> c.kind() == kind).count();
    }
}
