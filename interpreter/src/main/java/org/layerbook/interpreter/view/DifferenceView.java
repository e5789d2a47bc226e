package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.interpreter.report.DifferenceReport;
import org.layerbook.interpreter.report.DifferenceReport.PackageChange;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.Block.Column;
import org.layerbook.interpreter.view.layout.Block.Grid;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.Tone;

/** {@code %diff}: what files, config and packages of two images have not in common. */
final class DifferenceView {
    private static final int MOST_NODES = 300;
    private static final int MOST_PACKAGES = 60;

    private DifferenceView() {}

    static List<Block> blocks(DifferenceReport report) {
        var blocks = new ArrayList<Block>();
        var head = new ArrayList<Span>();
        head.add(Span.key(report.before()));
        head.add(Span.dim(" → "));
        head.add(Span.key(report.after()));
        head.add(Span.dim("  "));
        head.addAll(ChangesView.summary(report.files()));
        blocks.add(new Paragraph(head, false));
        if (!report.files().isEmpty()) {
            blocks.add(ChangesView.tree(report.files(), MOST_NODES));
        }
        var config = ConfigChanges.lines(Optional.of(report.configBefore()), report.configAfter());
        if (!config.isEmpty()) {
            blocks.add(new Paragraph(Span.line(Span.key("config")), true));
            blocks.add(new Block.Listing(config, false));
        }
        if (!report.packages().isEmpty()) {
            blocks.add(new Paragraph(packagesHead(report.packages()), true));
            packages(report.packages(), blocks);
        }
        return blocks;
    }

    private static List<Span> packagesHead(List<PackageChange> changes) {
        var spans = new ArrayList<Span>(List.of(Span.key("packages"), Span.of(" ")));
        int added = (int) changes.stream().filter(c -> c.from().isEmpty()).count();
        int removed = (int) changes.stream().filter(c -> c.to().isEmpty()).count();
        spans.addAll(
                StepsView.separated(StepsView.changeCounts(added, changes.size() - added - removed, removed), " "));
        return spans;
    }

    private static void packages(List<PackageChange> changes, List<Block> blocks) {
        var columns = List.of(Column.left(""), Column.left("name"), Column.elastic("before"), Column.elastic("after"));
        var rows =
                changes.stream().limit(MOST_PACKAGES).map(DifferenceView::row).toList();
        blocks.add(new Grid(columns, rows, true));
        if (changes.size() > MOST_PACKAGES) {
            String more = Numbers.count(changes.size() - MOST_PACKAGES) + " more packages";
            blocks.add(new Paragraph(Span.line(Span.dim(more)), false));
        }
    }

    private static List<Cell> row(PackageChange change) {
        Span sign = change.from().isEmpty()
                ? Span.of("+", Tone.GOOD)
                : change.to().isEmpty() ? Span.of("−", Tone.BAD) : Span.of("~", Tone.WARN);
        return List.of(
                Cell.of(sign),
                Cell.of(Span.code(change.name())),
                Cell.of(Span.dim(change.from().orElse(""))),
                Cell.of(Span.code(change.to().orElse(""))));
    }
}
