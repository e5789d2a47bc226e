package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.interpreter.report.DiskUsageReport;
import org.layerbook.interpreter.report.DiskUsageReport.Line;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.Block.Column;
import org.layerbook.interpreter.view.layout.Block.Grid;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Block.Part;
import org.layerbook.interpreter.view.layout.DockerUnits;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.TabWriter;
import org.layerbook.interpreter.view.layout.Tone;

/** {@code docker system df}: docker's columns as text; in a page bars of what is in use and what prune would free. */
public final class DiskUsageView {
    private DiskUsageView() {}

    static String text(DiskUsageReport report) {
        var text = new StringBuilder("TYPE\tTOTAL\tACTIVE\tSIZE\tRECLAIMABLE\n");
        for (Line line : report.lines()) {
            text.append(line.type()).append('\t').append(line.total()).append('\t');
            text.append(line.active()).append('\t').append(DockerUnits.longSize(line.size()));
            text.append('\t').append(reclaimable(line)).append('\n');
        }
        return TabWriter.table(text.toString()).stripTrailing();
    }

    /** {@code 1.001MB (100%)}. */
    public static String reclaimable(Line line) {
        String size = DockerUnits.longSize(line.reclaimable());
        return line.withShare() && line.size() > 0 ? size + " (" + line.reclaimable() * 100 / line.size() + "%)" : size;
    }

    static List<Block> blocks(DiskUsageReport report) {
        long largest =
                Math.max(1, report.lines().stream().mapToLong(Line::size).max().orElse(0));
        long size = report.lines().stream().mapToLong(Line::size).sum();
        long free = report.lines().stream().mapToLong(Line::reclaimable).sum();
        var rows = new ArrayList<List<Cell>>();
        for (Line line : report.lines()) {
            rows.add(List.of(
                    Cell.of(Span.key(line.type())),
                    Cell.of(Span.of(Numbers.count(line.total()))),
                    Cell.of(Span.of(Numbers.count(line.active()))),
                    Cell.of(Span.of(Numbers.size(line.size()))),
                    new Block.Bar(List.of(
                            new Part((double) (line.size() - line.reclaimable()) / largest, Tone.COPY),
                            new Part((double) line.reclaimable() / largest, Tone.BASE))),
                    Cell.of(Span.dim(Numbers.size(line.reclaimable())))));
        }
        var columns = List.of(
                Column.left("type"),
                Column.right("total"),
                Column.right("active"),
                Column.right("size"),
                Column.left(""),
                Column.right("reclaimable"));
        return List.of(
                new Grid(columns, rows, true),
                new Paragraph(
                        Span.line(
                                Span.key(Numbers.size(size)),
                                Span.dim(" in the store · "),
                                Span.of("█", Tone.COPY),
                                Span.dim(" in use " + Numbers.size(size - free) + " · "),
                                Span.of("░", Tone.BASE),
                                Span.dim(" reclaimable " + Numbers.size(free)),
                                Span.dim(free > 0 ? ": docker system prune -a frees it" : "")),
                        true));
    }
}
