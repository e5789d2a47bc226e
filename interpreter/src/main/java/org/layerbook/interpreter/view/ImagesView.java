package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.interpreter.report.ImagesReport;
import org.layerbook.interpreter.report.ImagesReport.Line;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.Block.Column;
import org.layerbook.interpreter.view.layout.Block.Grid;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Block.Part;
import org.layerbook.interpreter.view.layout.DockerUnits;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.SafeText;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.TabWriter;
import org.layerbook.interpreter.view.layout.Tone;
import org.layerbook.interpreter.view.layout.ViewOptions;

/** {@code docker images}: docker's columns as text, a table with bars in a page. */
final class ImagesView {
    private static final int MOST_ROWS = 100;

    private ImagesView() {}

    static String text(ImagesReport report, ViewOptions options) {
        var text = new StringBuilder("REPOSITORY\tTAG\t");
        text.append(report.digests() ? "DIGEST\t" : "").append("IMAGE ID\tCREATED\tSIZE\n");
        for (Line line : report.lines()) {
            text.append(SafeText.clean(line.repository()))
                    .append('\t')
                    .append(line.tag())
                    .append('\t');
            text.append(report.digests() ? line.digest() + "\t" : "");
            text.append(report.full() ? line.id().toString() : line.id().shortHex())
                    .append('\t');
            text.append(line.created()
                            .map(time -> DockerUnits.ago(time, options.now()))
                            .orElse("N/A"))
                    .append('\t');
            text.append(DockerUnits.size(line.size())).append('\n');
        }
        return TabWriter.table(text.toString()).stripTrailing();
    }

    static List<Block> blocks(ImagesReport report, ViewOptions options) {
        if (report.lines().isEmpty()) {
            return List.of(new Paragraph(Span.line(Span.dim("No image yet.")), false));
        }
        long largest =
                Math.max(1, report.lines().stream().mapToLong(Line::size).max().orElse(0));
        var columns = new ArrayList<>(List.of(Column.left("repository"), Column.left("tag")));
        if (report.digests()) {
            columns.add(Column.left("digest"));
        }
        columns.addAll(List.of(
                Column.left("image id"),
                Column.left("created"),
                Column.right("size"),
                Column.left(""),
                Column.right("unique"),
                Column.right("shared")));
        var rows = report.lines().stream()
                .limit(MOST_ROWS)
                .map(line -> row(report, line, largest, options))
                .toList();
        var blocks = new ArrayList<Block>();
        blocks.add(new Grid(columns, rows, true));
        if (report.lines().size() > MOST_ROWS) {
            String rest = Numbers.count(report.lines().size() - MOST_ROWS)
                    + " more; narrow the list with a name or --filter, or print all of it: docker images | cat";
            blocks.add(new Paragraph(Span.line(Span.dim(rest)), false));
        }
        report.stored()
                .ifPresent(bytes -> blocks.add(new Paragraph(
                        Span.line(
                                Span.key(Numbers.size(bytes)),
                                Span.dim(" in the store, shared layers counted once · "),
                                Span.of("█", Tone.COPY),
                                Span.dim(" unique "),
                                Span.of("░", Tone.BASE),
                                Span.dim(" shared")),
                        true)));
        return blocks;
    }

    private static List<Cell> row(ImagesReport report, Line line, long largest, ViewOptions options) {
        boolean named = !line.repository().equals(ImagesReport.NONE);
        var cells = new ArrayList<Cell>();
        cells.add(Cell.of(named ? Span.key(line.repository()) : Span.dim(line.repository())));
        cells.add(Cell.of(Span.of(line.tag(), line.tag().equals(ImagesReport.NONE) ? Tone.DIM : Tone.PLAIN)));
        if (report.digests()) {
            cells.add(Cell.of(Span.code(line.digest(), 24)));
        }
        cells.add(Cell.of(
                Span.code(report.full() ? line.id().toString() : line.id().shortHex())));
        cells.add(Cell.of(Span.dim(
                line.created().map(time -> DockerUnits.ago(time, options.now())).orElse("N/A"))));
        cells.add(Cell.of(Span.of(Numbers.size(line.size()))));
        long shared = Math.min(line.size(), line.shared().orElse(0L));
        cells.add(
                line.size() == 0
                        ? Cell.EMPTY
                        : new Block.Bar(List.of(
                                new Part((double) (line.size() - shared) / largest, Tone.COPY),
                                new Part((double) shared / largest, Tone.BASE))));
        cells.add(Cell.of(
                Span.of(line.shared().map(s -> Numbers.size(line.size() - s)).orElse(""))));
        cells.add(Cell.of(Span.dim(line.shared().map(Numbers::size).orElse(""))));
        return cells;
    }
}
