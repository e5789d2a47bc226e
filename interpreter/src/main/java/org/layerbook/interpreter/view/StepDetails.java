package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.interpreter.report.HistoryReport;
import org.layerbook.interpreter.report.StepsReport.LiveImage;
import org.layerbook.interpreter.report.StepsReport.Row;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Fold;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.ViewOptions;

/** What can be unfolded under a step table: files, config, history. Short whatever the step did. */
final class StepDetails {
    private static final int FILES_SHOWN = 30;
    private static final int HISTORY_SHOWN = 10;

    private StepDetails() {}

    static List<Block> folds(List<Row> steps, LiveImage live, ViewOptions options) {
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

    private static void addFiles(List<Block> blocks, Row step) {
        var heading = new ArrayList<>(Instructions.spans(step, 60));
        heading.add(Span.of(" "));
        heading.addAll(StepsView.separated(StepsView.changeCounts(step.changes()), " "));
        blocks.add(new Paragraph(heading, false));
        blocks.add(ChangesView.tree(step.changes(), FILES_SHOWN));
    }
}
