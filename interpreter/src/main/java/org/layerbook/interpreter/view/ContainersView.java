package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.container.state.ContainerState;
import org.layerbook.engine.container.state.ContainerState.Health;
import org.layerbook.interpreter.report.ContainersReport;
import org.layerbook.interpreter.report.ContainersReport.Line;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.Block.Column;
import org.layerbook.interpreter.view.layout.Block.Grid;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.DockerUnits;
import org.layerbook.interpreter.view.layout.SafeText;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.TabWriter;
import org.layerbook.interpreter.view.layout.Tone;
import org.layerbook.interpreter.view.layout.ViewOptions;

/** {@code docker ps}: docker's columns as text, states in colour in a page. */
final class ContainersView {
    private static final int MOST_ROWS = 100;
    private static final int COMMAND_COLUMNS = 24;

    private ContainersView() {}

    static String text(ContainersReport report, ViewOptions options) {
        boolean sizes = hasSizes(report);
        var text = new StringBuilder("CONTAINER ID\tIMAGE\tCOMMAND\tCREATED\tSTATUS\tPORTS\tNAMES");
        text.append(sizes ? "\tSIZE\n" : "\n");
        for (Line line : report.lines()) {
            text.append(line.id()).append('\t');
            text.append(SafeText.clean(line.image())).append('\t');
            text.append(line.command()).append('\t');
            text.append(DockerUnits.ago(line.created(), options.now())).append('\t');
            text.append(ContainerStatus.text(line.state(), options.now())).append('\t');
            text.append(line.ports()).append('\t').append(line.name());
            text.append(line.size().map(size -> "\t" + size).orElse("")).append('\n');
        }
        return TabWriter.table(text.toString()).stripTrailing();
    }

    private static boolean hasSizes(ContainersReport report) {
        return report.lines().stream().anyMatch(line -> line.size().isPresent());
    }

    static List<Block> blocks(ContainersReport report, ViewOptions options) {
        if (report.lines().isEmpty()) {
            return List.of(new Paragraph(Span.line(Span.dim("No container here.")), false));
        }
        var columns = new ArrayList<>(List.of(
                Column.left("name"),
                Column.left("state"),
                Column.left("image"),
                Column.left("command"),
                Column.left("ports"),
                Column.left("created"),
                Column.left("container id")));
        if (hasSizes(report)) {
            columns.add(Column.left("size"));
        }
        var rows = report.lines().stream()
                .limit(MOST_ROWS)
                .map(line -> row(line, options))
                .toList();
        var blocks = new ArrayList<Block>();
        blocks.add(new Grid(columns, rows, true));
        if (report.lines().size() > MOST_ROWS) {
            String rest = report.lines().size() - MOST_ROWS + " more; --filter narrows it";
            blocks.add(new Paragraph(Span.line(Span.dim(rest)), false));
        }
        return blocks;
    }

    private static List<Cell> row(Line line, ViewOptions options) {
        var cells = new ArrayList<>(List.of(
                Cell.of(Span.key(line.name())),
                Cell.of(Span.of("● ", tone(line.state())), Span.of(ContainerStatus.text(line.state(), options.now()))),
                Cell.of(Span.of(line.image())),
                Cell.of(Span.code(line.command(), COMMAND_COLUMNS)),
                Cell.of(Span.of(line.ports())),
                Cell.of(Span.dim(DockerUnits.ago(line.created(), options.now()))),
                Cell.of(Span.code(line.id()))));
        line.size().ifPresent(size -> cells.add(Cell.of(Span.of(size))));
        return cells;
    }

    private static Tone tone(ContainerState state) {
        return switch (state) {
            case ContainerState.Created(var problem) -> problem.isPresent() ? Tone.BAD : Tone.DIM;
            case ContainerState.Running running when running.paused() -> Tone.DIM;
            case ContainerState.Running running ->
                running.health().equals(java.util.Optional.of(Health.UNHEALTHY)) ? Tone.BAD : Tone.GOOD;
            case ContainerState.Restarting _ -> Tone.BAD;
            case ContainerState.Exited exited -> exited.exitCode() == 0 ? Tone.DIM : Tone.BAD;
        };
    }
}
