package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.layer.LayerChanges.Kind;
import org.layerbook.interpreter.report.ChangesReport;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.Tone;

/**
 * Changed files: as a page a tree of folders with what was added below each, as text a line each as {@code docker diff}
 * has them, where a folder that is new or gone stands for all that is in it.
 */
final class ChangesView {
    private static final int MOST_NODES = 300;
    private static final int MOST_LINES = 60;

    private ChangesView() {}

    /** {@code %files STEP}. */
    static List<Block> blocks(ChangesReport report) {
        var head = new ArrayList<Span>(List.of(Span.key(report.title()), Span.of(" ")));
        head.addAll(summary(report.changes()));
        return List.of(new Paragraph(head, false), tree(report.changes(), MOST_NODES));
    }

    /** {@code +2,214 ~3 −1 · 58.1 MB}. */
    static List<Span> summary(LayerChanges changes) {
        if (changes.isEmpty()) {
            return Span.line(Span.dim("no file differs"));
        }
        var spans = new ArrayList<>(StepsView.separated(StepsView.changeCounts(changes), " "));
        spans.add(Span.dim(" · " + Numbers.size(bytes(changes))));
        return spans;
    }

    private static long bytes(LayerChanges changes) {
        return changes.changes().stream()
                .filter(change -> change.kind() != Kind.DELETED)
                .mapToLong(Change::size)
                .sum();
    }

    static Block tree(LayerChanges changes, int mostNodes) {
        Folder root = new Folder("");
        changes.changes().forEach(change -> root.add(change, 1));
        return new Block.Tree(TreeSummary.of(root.settled(), SHAPE, mostNodes), true, text(changes));
    }

    /** A folder with changes in it, or something changed. */
    private static final class Folder {
        private String name;
        private final TreeMap<String, Folder> children = new TreeMap<>();
        private Change change;
        private long bytes;
        private final int[] counts = new int[Kind.values().length];
        private List<Folder> settled = List.of();

        private Folder(String name) {
            this.name = name;
        }

        private void add(Change added, int from) {
            if (added.kind() != Kind.DELETED) {
                bytes += added.size();
            }
            if (from > added.path().length()) {
                change = added;
                return;
            }
            counts[added.kind().ordinal()]++;
            int slash = added.path().indexOf('/', from);
            int end = slash < 0 ? added.path().length() : slash;
            children.computeIfAbsent(added.path().substring(from, end), Folder::new)
                    .add(added, end + 1);
        }

        /** Its children, those that hold a single folder joined with it: {@code usr/lib/python3}. */
        private List<Folder> settled() {
            if (settled.isEmpty()) {
                settled = children.values().stream().map(Folder::joined).toList();
            }
            return settled;
        }

        private Folder joined() {
            Folder folder = this;
            while (folder.change == null && folder.children.size() == 1) {
                Folder only = folder.children.firstEntry().getValue();
                only.name = folder.name + "/" + only.name;
                folder = only;
            }
            return folder;
        }
    }

    private static final TreeSummary.Shape<Folder> SHAPE = new TreeSummary.Shape<>() {
        @Override
        public List<Folder> children(Folder folder) {
            return folder.settled();
        }

        @Override
        public long weight(Folder folder) {
            return folder.bytes;
        }

        @Override
        public String figure(Folder folder) {
            return folder.bytes > 0 || isFile(folder) ? Numbers.size(folder.bytes) : "";
        }

        private boolean isFile(Folder folder) {
            return folder.change != null
                    && folder.change.fileKind() == FileKind.FILE
                    && folder.change.kind() != Kind.DELETED;
        }

        @Override
        public List<Span> label(Folder folder) {
            var label = new ArrayList<Span>();
            if (folder.change != null) {
                label.add(mark(folder.change.kind()));
                label.add(Span.of(" "));
            }
            boolean isFolder = folder.change == null || folder.change.fileKind() == FileKind.DIRECTORY;
            label.add(Span.code(folder.name + (isFolder ? "/" : ""), 90));
            if (!folder.children.isEmpty()) {
                label.add(Span.of("  "));
                label.addAll(StepsView.separated(
                        StepsView.changeCounts(
                                folder.counts[Kind.ADDED.ordinal()],
                                folder.counts[Kind.MODIFIED.ordinal()],
                                folder.counts[Kind.DELETED.ordinal()]),
                        " "));
            }
            return label;
        }
    };

    /** {@code +}, {@code ~}, {@code −}. */
    static Span mark(Kind kind) {
        return switch (kind) {
            case ADDED -> Span.of("+", Tone.GOOD);
            case MODIFIED -> Span.of("~", Tone.WARN);
            case DELETED -> Span.of("−", Tone.BAD);
        };
    }

    /** {@code docker diff}'s letters: A added, C changed, D deleted. */
    private static List<String> text(LayerChanges changes) {
        List<String> lines = ChangedLines.of(changes);
        if (lines.isEmpty()) {
            return List.of("No file differs.");
        }
        var shown = new ArrayList<>(lines.subList(0, Math.min(MOST_LINES, lines.size())));
        if (lines.size() > MOST_LINES) {
            shown.add("… and " + Numbers.count(lines.size() - MOST_LINES) + " more; add a path to see fewer");
        }
        return shown;
    }
}
