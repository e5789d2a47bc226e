package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.interpreter.report.BuildReport;
import org.layerbook.interpreter.report.BuildReport.Finished;
import org.layerbook.interpreter.report.BuildReport.Line;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.Block.Column;
import org.layerbook.interpreter.view.layout.Block.Fold;
import org.layerbook.interpreter.view.layout.Block.Grid;
import org.layerbook.interpreter.view.layout.Block.Listing;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.Tone;

/** A build: its steps as in a cell's table, the last lines of output while it runs, the image at the end. */
final class BuildView {
    private BuildView() {}

    static List<Block> blocks(BuildReport report) {
        var blocks = new ArrayList<Block>();
        boolean staged = report.lines().stream().anyMatch(line -> !line.stage().isEmpty());
        long largest =
                report.lines().stream().mapToLong(line -> line.step().size()).reduce(1, Math::max);
        if (!report.lines().isEmpty()) {
            var columns = new ArrayList<>(StepsView.COLUMNS);
            if (staged) {
                columns.addFirst(Column.left("stage"));
            }
            blocks.add(new Grid(
                    columns,
                    report.lines().stream()
                            .map(line -> row(line, staged, largest))
                            .toList(),
                    true));
        }
        if (!report.tail().isEmpty()) {
            blocks.add(new Listing(
                    report.tail().stream()
                            .map(line -> Span.line(Span.dim("│ "), Span.dim(line)))
                            .toList(),
                    false));
        }
        report.finished().ifPresent(finished -> finish(blocks, report, finished));
        return blocks;
    }

    private static List<Cell> row(Line line, boolean staged, long largest) {
        var cells = new ArrayList<>(StepsView.row(line.step(), largest));
        if (staged) {
            cells.addFirst(Cell.of(Span.dim(line.stage())));
        }
        return cells;
    }

    private static void finish(List<Block> blocks, BuildReport report, Finished finished) {
        var spans = new ArrayList<Span>();
        spans.add(Span.key(Numbers.size(finished.image().size())));
        spans.add(Span.of(" in " + Numbers.count(finished.image().layers().size(), "layer")));
        finished.names().forEach(name -> {
            spans.add(Span.of(" · "));
            spans.add(Span.key(name));
        });
        spans.add(Span.dim(" · sha256:" + finished.image().id().shortHex() + " · " + Numbers.time(finished.time())));
        blocks.add(new Paragraph(spans, true));
        finished.notes().forEach(note -> blocks.add(new Paragraph(Span.line(Span.of(note, Tone.WARN)), false)));
        report.lines().stream().filter(line -> line.outputLines() > 0).forEach(line -> blocks.add(output(line)));
    }

    private static Fold output(Line line) {
        var body = new ArrayList<List<Span>>();
        long left = line.outputLines() - line.output().size();
        if (left > 0) {
            body.add(Span.line(Span.dim(Numbers.count(left, "earlier line"))));
        }
        line.output().forEach(text -> body.add(Span.line(Span.of(text))));
        String title = "output of step " + line.step().number()
                + (line.stage().isEmpty() ? "" : " of " + line.stage())
                + ", " + Numbers.count(line.outputLines(), "line");
        return new Fold(title, List.of(new Listing(body, false)));
    }
}
