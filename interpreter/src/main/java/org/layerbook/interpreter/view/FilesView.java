package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.layer.FileTree;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.interpreter.report.FilesReport;
import org.layerbook.interpreter.view.Block.Tree;

/** {@code %files}: a listing as {@code ls -l} has it; in a page, a tree with what each folder weighs. */
final class FilesView {
    private static final int MOST_LINES = 200;

    private FilesView() {}

    static List<Block> blocks(FilesReport report) {
        var roots = new ArrayList<Block.Node>();
        report.files().stream().limit(MOST_LINES).forEach(node -> roots.add(node(node)));
        more(report.files().size() - MOST_LINES).ifPresent(roots::add);
        return List.of(new Tree(roots, Optional.of(text(report))));
    }

    private static Block.Node node(FilesReport.Node node) {
        var children = new ArrayList<Block.Node>();
        node.children().forEach(child -> children.add(node(child)));
        more(node.more()).ifPresent(children::add);
        FileTree.Entry entry = node.entry();
        boolean folder = entry.kind() == FileKind.DIRECTORY;
        var label = new ArrayList<Span>();
        label.add(Span.code(name(entry) + (folder ? "/" : "")));
        entry.link().ifPresent(target -> label.add(Span.dim(" → " + target)));
        if (folder || entry.kind() == FileKind.FILE) {
            label.add(Span.of("  " + Figures.size(node.bytes())));
        }
        label.add(Span.dim("  " + permissions(entry) + " " + entry.uid() + ":" + entry.gid()));
        return new Block.Node(label, children, false);
    }

    private static Optional<Block.Node> more(int count) {
        return count > 0
                ? Optional.of(new Block.Node(Span.line(Span.dim(Figures.count(count) + " more")), List.of(), false))
                : Optional.empty();
    }

    private static String text(FilesReport report) {
        var text = new StringBuilder();
        int owner = report.files().stream()
                .mapToInt(node -> owner(node.entry()).length())
                .max()
                .orElse(0);
        report.files().stream()
                .limit(MOST_LINES)
                .forEach(node -> text.append(line(node, owner)).append('\n'));
        if (report.files().size() > MOST_LINES) {
            text.append("… and ")
                    .append(Figures.count(report.files().size() - MOST_LINES))
                    .append(" more\n");
        }
        return text.toString().stripTrailing();
    }

    private static String line(FilesReport.Node node, int ownerColumns) {
        FileTree.Entry entry = node.entry();
        String size =
                entry.kind() == FileKind.SYMLINK || entry.kind() == FileKind.OTHER ? "" : Figures.size(node.bytes());
        return permissions(entry) + "  " + Plain.padRight(owner(entry), ownerColumns) + "  " + Plain.padLeft(size, 8)
                + "  " + Plain.clean(name(entry)) + (entry.kind() == FileKind.DIRECTORY ? "/" : "")
                + entry.link().map(target -> " -> " + Plain.clean(target)).orElse("");
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
