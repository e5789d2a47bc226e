package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.interpreter.report.HistoryReport;
import org.layerbook.interpreter.report.StepsReport.LiveImage;
import org.layerbook.interpreter.report.StepsReport.Step;
import org.layerbook.interpreter.view.Block.Cell;
import org.layerbook.interpreter.view.Block.Column;
import org.layerbook.interpreter.view.Block.Fold;
import org.layerbook.interpreter.view.Block.Grid;
import org.layerbook.interpreter.view.Block.Paragraph;

/** What can be unfolded under a step table: files, config, history. Short whatever the step did. */
final class StepDetails {
    private static final int FILES_SHOWN = 12;
    private static final int HISTORY_SHOWN = 10;

    private StepDetails() {}

    static List<Block> folds(List<Step> steps, LiveImage live, ViewOptions options) {
        var folds = new ArrayList<Block>();
        var files = new ArrayList<Block>();
        steps.stream().filter(step -> !step.changes().changes().isEmpty()).forEach(step -> addFiles(files, step));
        if (!files.isEmpty()) {
            folds.add(new Fold("files", files));
        }
        var config = ConfigChanges.lines(
                live.before().map(image -> image.config().config()),
                live.image().config().config());
        if (!config.isEmpty()) {
            folds.add(new Fold("config", List.of(new Block.Listing(config, false))));
        }
        var history = HistoryReport.of(live.image(), false, true);
        if (!history.lines().isEmpty()) {
            folds.add(new Fold("history", HistoryView.blocks(history, options, HISTORY_SHOWN)));
        }
        return folds;
    }

    private static void addFiles(List<Block> blocks, Step step) {
        var changes = new ArrayList<>(step.changes().changes());
        changes.sort(Comparator.comparingLong(Change::size).reversed().thenComparing(Change::path));
        var heading = new ArrayList<>(Instructions.spans(step.instruction(), 60));
        heading.add(Span.of(" "));
        heading.addAll(StepsView.separated(StepsView.changeCounts(step.changes()), " "));
        blocks.add(new Paragraph(heading, false));
        var rows = changes.stream().limit(FILES_SHOWN).map(StepDetails::row).toList();
        blocks.add(new Grid(List.of(Column.left(""), Column.right("size"), Column.left("path")), rows, false));
        if (changes.size() > FILES_SHOWN) {
            long rest =
                    changes.stream().skip(FILES_SHOWN).mapToLong(Change::size).sum();
            blocks.add(new Paragraph(
                    Span.line(Span.dim(Figures.count(changes.size() - FILES_SHOWN) + " more, " + Figures.size(rest))),
                    false));
        }
    }

    private static List<Cell> row(Change change) {
        Span sign = switch (change.kind()) {
            case ADDED -> Span.of("+", Tone.GOOD);
            case MODIFIED -> Span.of("~");
            case DELETED -> Span.of("−", Tone.BAD);
        };
        boolean directory = change.fileKind() == LayerChanges.FileKind.DIRECTORY;
        String size = change.fileKind() == LayerChanges.FileKind.FILE && change.kind() != LayerChanges.Kind.DELETED
                ? Figures.size(change.size())
                : "";
        return List.of(
                Cell.of(sign), Cell.of(Span.dim(size)), Cell.of(Span.code(change.path() + (directory ? "/" : ""), 90)));
    }
}
