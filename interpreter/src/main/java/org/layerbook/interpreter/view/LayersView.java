package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.layerbook.interpreter.report.LayersReport;
import org.layerbook.interpreter.report.LayersReport.Efficiency;
import org.layerbook.interpreter.report.LayersReport.Line;
import org.layerbook.interpreter.report.LayersReport.Waste;
import org.layerbook.interpreter.view.Block.Cell;
import org.layerbook.interpreter.view.Block.Column;
import org.layerbook.interpreter.view.Block.Fold;
import org.layerbook.interpreter.view.Block.Grid;
import org.layerbook.interpreter.view.Block.Paragraph;

/** {@code %layers}: a line a layer with its bar, what is wasted under it. */
final class LayersView {
    private static final int STEP_COLUMNS = 60;

    private LayersView() {}

    static List<Block> blocks(LayersReport report) {
        long largest =
                report.layers().stream().mapToLong(line -> line.layer().size()).reduce(1, Math::max);
        var rows = report.layers().stream().map(line -> row(line, largest)).toList();
        var blocks = new ArrayList<Block>();
        if (!rows.isEmpty()) {
            blocks.add(new Grid(
                    List.of(
                            Column.right("#"),
                            Column.left("layer"),
                            Column.elastic("made by"),
                            Column.right("size"),
                            Column.left(""),
                            Column.left("files")),
                    rows,
                    true));
        }
        blocks.add(new Paragraph(summary(report), true));
        if (!report.efficiency().worst().isEmpty()) {
            blocks.add(new Fold("wasted", List.of(wasted(report.efficiency()))));
        }
        return blocks;
    }

    private static List<Cell> row(Line line, long largest) {
        var step = HistoryEntry.of(line.createdBy());
        long size = line.layer().size();
        return List.of(
                Cell.of(Span.dim(Integer.toString(line.number()))),
                Cell.of(Span.code(line.layer().diffId().shortHex())),
                Cell.of(step.spans(STEP_COLUMNS)),
                Cell.of(Span.of(Figures.size(size), size == 0 ? Tone.DIM : Tone.PLAIN)),
                size == 0 ? Cell.EMPTY : Cell.bar((double) size / largest, step.tone()),
                Cell.of(StepsView.separated(StepsView.changeCounts(line.changes()), " ")));
    }

    private static List<Span> summary(LayersReport report) {
        Efficiency efficiency = report.efficiency();
        var spans = new ArrayList<Span>();
        spans.add(Span.key(Figures.size(report.image().size())));
        spans.add(Span.of(" in " + Figures.count(report.layers().size(), "layer")));
        if (efficiency.wasted() > 0) {
            String score = String.format(Locale.ROOT, "%.1f %%", 100 * efficiency.score());
            spans.add(Span.dim(" · efficiency " + score + " · "));
            spans.add(Span.of(Figures.size(efficiency.wasted()) + " wasted", Tone.WARN));
        }
        return spans;
    }

    private static Grid wasted(Efficiency efficiency) {
        var rows = new ArrayList<List<Cell>>();
        for (Waste waste : efficiency.worst()) {
            rows.add(List.of(
                    Cell.of(Span.of(Figures.size(waste.bytes()))),
                    Cell.of(Span.of(Figures.count(waste.times()))),
                    Cell.of(Span.code(waste.path(), 90))));
        }
        return new Grid(List.of(Column.right("bytes"), Column.right("times"), Column.left("path")), rows, true);
    }
}
