package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.interpreter.report.TransferReport;
import org.layerbook.interpreter.report.TransferReport.Layer;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Bar;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.Block.Column;
import org.layerbook.interpreter.view.layout.Block.Grid;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Block.Part;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.Tone;

/** A pull or push in a page: a bar for each layer, long as the layer is large. */
final class TransferView {
    private TransferView() {}

    static List<Block> blocks(TransferReport report) {
        var blocks = new ArrayList<Block>();
        report.head().forEach(line -> blocks.add(new Paragraph(Span.line(Span.of(line)), false)));
        long largest = report.layers().stream().mapToLong(Layer::total).reduce(1, Math::max);
        if (!report.layers().isEmpty()) {
            blocks.add(new Grid(
                    List.of(Column.left(""), Column.right(""), Column.left(""), Column.left("")),
                    report.layers().stream().map(layer -> row(layer, largest)).toList(),
                    false));
        }
        for (int i = 0; i < report.foot().size(); i++) {
            blocks.add(new Paragraph(Span.line(Span.dim(report.foot().get(i))), i == 0));
        }
        return blocks;
    }

    private static List<Cell> row(Layer layer, long largest) {
        long done = layer.isMoving() ? Math.min(layer.done(), layer.total()) : layer.total();
        Cell bar = layer.total() == 0
                ? Cell.EMPTY
                : new Bar(List.of(
                        new Part((double) done / largest, Tone.COPY),
                        new Part((double) (layer.total() - done) / largest, Tone.BASE)));
        var state = new ArrayList<Span>(List.of(Span.of(layer.state(), layer.isMoving() ? Tone.PLAIN : Tone.DIM)));
        if (layer.isMoving() && layer.total() > 0) {
            state.add(Span.dim(" " + Numbers.size(done)));
        }
        return List.of(
                Cell.of(Span.code(layer.id())),
                Cell.of(Span.of(layer.total() > 0 ? Numbers.size(layer.total()) : "")),
                bar,
                Cell.of(state));
    }
}
