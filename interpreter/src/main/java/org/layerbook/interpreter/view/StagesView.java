package org.layerbook.interpreter.view;

import java.util.List;
import org.layerbook.interpreter.report.StagesReport;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.Block.Column;
import org.layerbook.interpreter.view.layout.Block.Grid;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.Tone;

/** The table of {@code %stages}. */
final class StagesView {
    private StagesView() {}

    static List<Block> blocks(StagesReport report) {
        if (report.stages().isEmpty()) {
            return List.of(new Paragraph(Span.line(Span.of("No stage yet: start with FROM.")), false));
        }
        long largest = Math.max(
                1,
                report.stages().stream()
                        .mapToLong(line -> line.image().size())
                        .max()
                        .orElse(0));
        var rows = report.stages().stream().map(line -> row(line, largest)).toList();
        return List.of(new Grid(
                List.of(
                        Column.left("stage"),
                        Column.left("name"),
                        Column.elastic("from"),
                        Column.right("steps"),
                        Column.right("layers"),
                        Column.right("size"),
                        Column.left(""),
                        Column.left("image"),
                        Column.left("")),
                rows,
                true));
    }

    private static List<Cell> row(StagesReport.Line line, long largest) {
        long size = line.image().size();
        return List.of(
                Cell.of(Span.key(line.reference())),
                Cell.of(Span.of(line.name().orElse(""))),
                Cell.of(Span.code(line.base(), 40)),
                Cell.of(Span.of(Numbers.count(line.steps()))),
                Cell.of(Span.of(Numbers.count(line.image().layers().size()))),
                Cell.of(Span.of(Numbers.size(size))),
                size == 0 ? Cell.EMPTY : Cell.bar((double) size / largest, Tone.BASE),
                Cell.of(Span.code(line.image().id().shortHex())),
                Cell.of(line.live() ? Span.of("live", Tone.GOOD) : Span.of("")));
    }
}
