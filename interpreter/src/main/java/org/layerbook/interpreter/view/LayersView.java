package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.layerbook.interpreter.report.LayersReport;
import org.layerbook.interpreter.report.LayersReport.Efficiency;
import org.layerbook.interpreter.report.LayersReport.Line;
import org.layerbook.interpreter.report.LayersReport.Waste;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.Block.Column;
import org.layerbook.interpreter.view.layout.Block.Grid;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.Tone;

/** {@code %layers}: a line a layer with its bar, what is wasted under it. */
final class LayersView {
    private static final int STEP_COLUMNS = 46;
    /** Files in the folds of all rows, and the fewest of one. */
    private static final int MOST_NODES = 300;

    private static final int LEAST_NODES = 6;

    private LayersView() {}

    static List<Block> blocks(LayersReport report) {
        long largest =
                report.layers().stream().mapToLong(line -> line.layer().size()).reduce(1, Math::max);
        int nodes = MOST_NODES / Math.max(1, report.layers().size());
        var rows = new ArrayList<List<Cell>>();
        long total = 0;
        for (Line line : report.layers()) {
            total += line.layer().size();
            rows.add(row(line, largest, total, nodes));
        }
        var blocks = new ArrayList<Block>();
        if (!rows.isEmpty()) {
            blocks.add(new Grid(
                    List.of(
                            Column.right("#"),
                            Column.left("layer"),
                            Column.elastic("made by"),
                            Column.right("size"),
                            Column.left(""),
                            Column.right("total"),
                            Column.left("files")),
                    rows,
                    true));
        }
        blocks.add(new Paragraph(summary(report), true));
        if (!report.efficiency().worst().isEmpty()) {
            blocks.add(wasted(report.efficiency()));
            if (report.efficiency().more() > 0) {
                String more = Numbers.count(report.efficiency().more(), "more path") + ", each smaller";
                blocks.add(new Paragraph(Span.line(Span.dim(more)), false));
            }
        }
        return blocks;
    }

    private static List<Cell> row(Line line, long largest, long total, int nodes) {
        var step = HistoryEntry.of(line.createdBy());
        long size = line.layer().size();
        return List.of(
                Cell.of(Span.dim(Integer.toString(line.number()))),
                Cell.of(Span.code(line.layer().diffId().shortHex())),
                step.unfolding(STEP_COLUMNS, Optional.of(line.changes()), Math.max(LEAST_NODES, nodes)),
                Cell.of(Span.of(Numbers.size(size), size == 0 ? Tone.DIM : Tone.PLAIN)),
                size == 0 ? Cell.EMPTY : Cell.bar((double) size / largest, step.tone()),
                Cell.of(Span.dim(Numbers.size(total))),
                Cell.of(StepsView.separated(StepsView.changeCounts(line.changes()), " ")));
    }

    private static List<Span> summary(LayersReport report) {
        Efficiency efficiency = report.efficiency();
        var spans = new ArrayList<Span>();
        spans.add(Span.key(Numbers.size(report.image().size())));
        spans.add(Span.of(" in " + Numbers.count(report.layers().size(), "layer")));
        String score =
                efficiency.wasted() > 0 ? String.format(Locale.ROOT, "%.3f %%", 100 * efficiency.score()) : "100 %";
        spans.add(Span.dim(" · " + Numbers.bytes(efficiency.bytes()) + " · efficiency " + score + " · "));
        spans.add(
                efficiency.wasted() > 0
                        ? Span.of(Numbers.bytes(efficiency.wasted()) + " wasted", Tone.WARN)
                        : Span.dim("nothing wasted"));
        return spans;
    }

    /** The paths that more than one layer has. */
    private static Grid wasted(Efficiency efficiency) {
        long largest = Math.max(1, efficiency.worst().getFirst().bytes());
        var rows = new ArrayList<List<Cell>>();
        for (Waste waste : efficiency.worst()) {
            rows.add(List.of(
                    Cell.of(Span.of(Numbers.size(waste.bytes()))),
                    Cell.bar((double) waste.bytes() / largest / 2, Tone.WARN),
                    Cell.of(Span.of(Numbers.count(waste.times()))),
                    Cell.of(Span.code(waste.path(), 80))));
        }
        return new Grid(
                List.of(Column.right("wasted"), Column.left(""), Column.right("layers"), Column.elastic("path")),
                rows,
                true);
    }
}
