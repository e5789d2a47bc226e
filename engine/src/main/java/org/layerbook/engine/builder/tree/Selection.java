package org.layerbook.engine.builder.tree;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.step.CancelledException;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.IgnorePatterns;

/**
 * Which part of a source is copied: what {@code --parents} names, without what {@code --exclude} names. Both see paths
 * below the source.
 *
 * @param only empty for everything
 */
public record Selection(Optional<IgnorePatterns> only, IgnorePatterns exclude) {
    /** @throws IllegalArgumentException for a pattern that is none */
    public static Selection of(Optional<String> only, List<String> exclude) {
        return new Selection(only.map(pattern -> IgnorePatterns.of(List.of(pattern))), IgnorePatterns.of(exclude));
    }

    /** Sees a source from the top, children sorted by name, each folder before what is in it. */
    interface Visitor {
        /** @param included false for a folder that is entered only because something in it may be */
        void enter(SourceTree.Entry folder, String relative, boolean included) throws IOException;

        /** After what is in the folder. */
        void leave(SourceTree.Entry folder, String relative, boolean included) throws IOException;

        /** Anything but a folder, if it is included. */
        void file(SourceTree.Entry file, String relative) throws IOException;
    }

    /** @throws CancelledException between two files */
    void walk(SourceTree tree, SourceTree.Entry source, Visitor visitor, Cancellation cancellation) throws IOException {
        IgnorePatterns.Walk included = only.orElse(IgnorePatterns.NONE).walk();
        visit(tree, source, "", new State(included, exclude.walk()), visitor, cancellation);
    }

    private record State(IgnorePatterns.Walk only, IgnorePatterns.Walk excluded) {
        State child(String relative) {
            return new State(only.child(relative), excluded.child(relative));
        }
    }

    private void visit(
            SourceTree tree,
            SourceTree.Entry entry,
            String relative,
            State state,
            Visitor visitor,
            Cancellation cancellation)
            throws IOException {
        CancelledException.check(cancellation);
        boolean isTop = relative.isEmpty();
        boolean included = isTop
                || ((only.isEmpty() || state.only().ignored())
                        && !state.excluded().ignored());
        if (!entry.stat().isDirectory()) {
            if (included) {
                visitor.file(entry, relative);
            }
            return;
        }
        if (!isTop && state.excluded().ignored() && !state.excluded().mayHoldOthers(relative)) {
            return;
        }
        visitor.enter(entry, relative, included);
        for (SourceTree.Entry child : tree.children(entry)) {
            String below = isTop ? child.name() : relative + "/" + child.name();
            visit(tree, child, below, state.child(below), visitor, cancellation);
        }
        visitor.leave(entry, relative, included);
    }
}
