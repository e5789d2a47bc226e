package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.interpreter.report.HistoryReport;
import org.layerbook.interpreter.report.HistoryReport.Line;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.Block.Column;
import org.layerbook.interpreter.view.layout.Block.Grid;
import org.layerbook.interpreter.view.layout.DockerUnits;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.SafeText;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.TabWriter;
import org.layerbook.interpreter.view.layout.Tone;
import org.layerbook.interpreter.view.layout.ViewOptions;

/** {@code docker history}: docker's columns as text; in a page a bar for each layer and what the image weighed by then. */
public final class HistoryView {
    private static final String MISSING = "<missing>";
    private static final int CREATED_BY_COLUMNS = 45;
    private static final int STEP_COLUMNS = 46;
    /** Files in the folds of all rows, and the fewest of one. */
    private static final int MOST_NODES = 300;

    private static final int LEAST_NODES = 6;

    private HistoryView() {}

    static String text(HistoryReport report, ViewOptions options) {
        var text = new StringBuilder(report.human() ? "IMAGE\tCREATED\t" : "IMAGE\tCREATED AT\t");
        text.append("CREATED BY\tSIZE\tCOMMENT\n");
        for (Line line : report.lines()) {
            text.append(id(line, report.full())).append('\t');
            text.append(created(line, report.human(), options)).append('\t');
            text.append(createdBy(line, report.full())).append('\t');
            text.append(report.human() ? DockerUnits.size(line.size()) : Long.toString(line.size()))
                    .append('\t');
            text.append(SafeText.clean(line.comment())).append('\n');
        }
        String table = TabWriter.table(text.toString());
        return table.substring(0, table.length() - 1);
    }

    /** The id's column, {@code <missing>} where it is not known. */
    public static String id(Line line, boolean full) {
        return line.id().map(id -> full ? id.toString() : id.shortHex()).orElse(MISSING);
    }

    private static String created(Line line, boolean human, ViewOptions options) {
        if (human) {
            return line.created()
                    .map(time -> DockerUnits.ago(time, options.now()))
                    .orElse("N/A");
        }
        return DockerUnits.rfc3339(line.created().orElse(DockerUnits.NO_TIME), options.zone());
    }

    /** The instruction, cut to 45 columns unless {@code full}. */
    public static String createdBy(Line line, boolean full) {
        String clean = SafeText.clean(line.createdBy());
        return full ? clean : SafeText.abbreviate(clean, CREATED_BY_COLUMNS);
    }

    static List<Block> blocks(HistoryReport report, ViewOptions options) {
        return blocks(report, options, Integer.MAX_VALUE);
    }

    /** @param most lines that are shown, the newest */
    static List<Block> blocks(HistoryReport report, ViewOptions options, int most) {
        long largest =
                Math.max(1, report.lines().stream().mapToLong(Line::size).max().orElse(0));
        long total = report.lines().stream().mapToLong(Line::size).sum();
        var rows = new ArrayList<List<Cell>>();
        for (Line line : report.lines()) {
            rows.add(row(line, largest, total, report, options));
            total -= line.size();
        }
        var grid = new Grid(
                List.of(
                        Column.left("image"),
                        Column.left("created"),
                        Column.elastic("created by"),
                        Column.right("size"),
                        Column.left(""),
                        Column.right("total")),
                rows.subList(0, Math.min(most, rows.size())),
                true);
        if (rows.size() <= most) {
            return List.of(grid);
        }
        String rest = Numbers.count(rows.size() - most) + " older; docker history shows all";
        return List.of(grid, new Block.Paragraph(Span.line(Span.dim(rest)), false));
    }

    private static List<Cell> row(Line line, long largest, long total, HistoryReport report, ViewOptions options) {
        var step = HistoryEntry.of(line.createdBy().isBlank() ? line.comment() : line.createdBy());
        Span id = line.id().isPresent() ? Span.code(id(line, report.full())) : Span.dim(MISSING);
        int nodes = Math.max(LEAST_NODES, MOST_NODES / report.lines().size());
        return List.of(
                Cell.of(id),
                Cell.of(Span.dim(created(line, true, options))),
                step.unfolding(report.full() ? 2000 : STEP_COLUMNS, line.changes(), nodes),
                Cell.of(Span.of(Numbers.size(line.size()), line.size() == 0 ? Tone.DIM : Tone.PLAIN)),
                line.size() == 0 ? Cell.EMPTY : Cell.bar((double) line.size() / largest, step.tone()),
                Cell.of(Span.dim(Numbers.size(total))));
    }
}
