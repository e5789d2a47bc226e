package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.layer.LayerChanges.Kind;
import org.layerbook.interpreter.report.FilesReport;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Block.Tree;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.SafeText;
import org.layerbook.interpreter.view.layout.Span;

/** {@code %files}: a listing as {@code ls -l} has it; in a page, a tree with what each folder weighs. */
final class FilesView {
    private static final int MOST_LINES = 200;
    /** Of the page: some 60 kB. */
    private static final int MOST_NODES = 400;

    private FilesView() {}

    static List<Block> blocks(FilesReport report) {
        List<Block.Node> roots = TreeSummary.of(report.files(), SHAPE, MOST_NODES);
        long bytes = report.files().stream().mapToLong(FilesReport.Node::bytes).sum();
        var head = new ArrayList<Span>(List.of(Span.key(report.image()), Span.of(" ")));
        head.add(Span.code(report.path()));
        head.add(Span.dim(" · " + Numbers.size(bytes)));
        if (report.marked()) {
            head.add(Span.dim(" · + ~ − " + (report.image().startsWith("step") ? "by this step" : "since its base")));
        }
        return List.of(
                new Paragraph(head, false),
                new Tree(roots, true, text(report).lines().toList()));
    }

    private static final TreeSummary.Shape<FilesReport.Node> SHAPE = new TreeSummary.Shape<>() {
        @Override
        public List<FilesReport.Node> children(FilesReport.Node node) {
            return node.children();
        }

        @Override
        public long weight(FilesReport.Node node) {
            return node.bytes();
        }

        @Override
        public String figure(FilesReport.Node node) {
            boolean weighs =
                    node.entry().kind() == FileKind.DIRECTORY || node.entry().kind() == FileKind.FILE;
            return weighs && !isDeleted(node) ? Numbers.size(node.bytes()) : "";
        }

        @Override
        public List<Span> label(FilesReport.Node node) {
            var label = new ArrayList<Span>();
            node.mark().ifPresent(kind -> {
                label.add(ChangesView.mark(kind));
                label.add(Span.of(" "));
            });
            label.add(Span.code(name(node.entry()) + slash(node.entry()), 90));
            node.entry().link().ifPresent(target -> label.add(Span.dim(" → " + target)));
            if (!isDeleted(node)) {
                label.add(Span.dim("  " + permissions(node.entry()) + " " + owner(node.entry())));
            }
            List<Span> counts = counts(node);
            if (!counts.isEmpty()) {
                label.add(Span.of("  "));
                label.addAll(StepsView.separated(counts, " "));
            }
            return label;
        }
    };

    /** What has changed below a folder. */
    private static List<Span> counts(FilesReport.Node node) {
        int[] counts = new int[Kind.values().length];
        node.children().forEach(child -> count(child, counts));
        return StepsView.changeCounts(
                counts[Kind.ADDED.ordinal()], counts[Kind.MODIFIED.ordinal()], counts[Kind.DELETED.ordinal()]);
    }

    private static void count(FilesReport.Node node, int[] counts) {
        node.mark().ifPresent(kind -> counts[kind.ordinal()]++);
        node.children().forEach(child -> count(child, counts));
    }

    private static boolean isDeleted(FilesReport.Node node) {
        return node.mark().filter(Kind.DELETED::equals).isPresent();
    }

    private static String slash(FileTree.Entry entry) {
        return entry.kind() == FileKind.DIRECTORY ? "/" : "";
    }

    private static String text(FilesReport report) {
        var text = new StringBuilder();
        int owner = report.files().stream()
                .mapToInt(node -> owner(node.entry()).length())
                .max()
                .orElse(0);
        report.files().stream()
                .limit(MOST_LINES)
                .forEach(node -> text.append(line(node, owner, report.marked())).append('\n'));
        if (report.files().size() > MOST_LINES) {
            text.append("… and ")
                    .append(Numbers.count(report.files().size() - MOST_LINES))
                    .append(" more\n");
        }
        return text.toString().stripTrailing();
    }

    private static String line(FilesReport.Node node, int ownerColumns, boolean marked) {
        FileTree.Entry entry = node.entry();
        String mark = !marked ? "" : sign(node) + " ";
        String name = SafeText.clean(name(entry))
                + slash(entry)
                + entry.link().map(target -> " -> " + SafeText.clean(target)).orElse("");
        if (isDeleted(node)) {
            return mark + " ".repeat(10) + "  " + " ".repeat(ownerColumns) + "  " + " ".repeat(8) + "  " + name;
        }
        String size =
                entry.kind() == FileKind.SYMLINK || entry.kind() == FileKind.OTHER ? "" : Numbers.size(node.bytes());
        return mark + permissions(entry) + "  " + SafeText.padRight(owner(entry), ownerColumns) + "  "
                + SafeText.padLeft(size, 8) + "  " + name;
    }

    /** Of a folder that is itself as it was: what its changes are, in one sign. */
    private static String sign(FilesReport.Node node) {
        if (node.mark().isPresent()) {
            return ChangesView.mark(node.mark().get()).text();
        }
        return counts(node).isEmpty() ? " " : "~";
    }

    private static String owner(FileTree.Entry entry) {
        return entry.uid() + ":" + entry.gid();
    }

    private static String name(FileTree.Entry entry) {
        return entry.path().substring(entry.path().lastIndexOf('/') + 1);
    }

    /** {@code drwxr-xr-x}. */
    static String permissions(FileTree.Entry entry) {
        char type = switch (entry.kind()) {
            case FILE -> '-';
            case DIRECTORY -> 'd';
            case SYMLINK -> 'l';
            case OTHER -> '?';
        };
        var text = new StringBuilder().append(type);
        for (int bit = 8; bit >= 0; bit--) {
            text.append((entry.mode() >> bit & 1) == 1 ? "rwx".charAt((8 - bit) % 3) : '-');
        }
        special(text, entry.mode(), 04000, 3, 's');
        special(text, entry.mode(), 02000, 6, 's');
        special(text, entry.mode(), 01000, 9, 't');
        return text.toString();
    }

    private static void special(StringBuilder text, int mode, int bit, int position, char letter) {
        if ((mode & bit) != 0) {
            boolean executable = text.charAt(position) == 'x';
            text.setCharAt(position, executable ? letter : Character.toUpperCase(letter));
        }
    }
}
