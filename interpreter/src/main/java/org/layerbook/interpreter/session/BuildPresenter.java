package org.layerbook.interpreter.session;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.image.Image;
import org.layerbook.interpreter.report.StepsReport;
import org.layerbook.interpreter.session.history.Checkpoint;
import org.layerbook.interpreter.session.history.SessionState;
import org.layerbook.interpreter.session.output.StepLog;
import org.layerbook.interpreter.view.layout.Numbers;

/** What the user sees of the build of a running cell: the tables of its steps, and what stands after a failure. */
final class BuildPresenter {
    private final CellBuild build;
    private final StepLog log;
    private final Checkpoint.Ran cell;
    private final Optional<Image> replaced;
    /** The state at the last table, which the next one's totals compare with. */
    private SessionState shown;

    /** @param replaced the live image before an earlier run of the same cell was taken back */
    BuildPresenter(CellBuild build, StepLog log, Checkpoint.Ran cell, Optional<Image> replaced) {
        this.build = build;
        this.log = log;
        this.cell = cell;
        this.replaced = replaced;
        this.shown = build.state();
    }

    /** The build has gone back to another state: the next table compares with that. */
    void restart() {
        shown = build.state();
    }

    /** Shows the table of the steps since the last one. */
    void showSteps(InstructionContext instructionContext) {
        if (log.records().isEmpty()) {
            return;
        }
        log.show(build.state().liveStage().map(stage -> live(stage, instructionContext)));
        shown = build.state();
    }

    private StepsReport.LiveImage live(Stage stage, InstructionContext instructionContext) {
        boolean sameStage =
                shown.liveStage().filter(s -> s.from() == stage.from()).isPresent();
        return new StepsReport.LiveImage(
                "@",
                stage.image(),
                stage.base(),
                stage.steps().getFirst().image().size(),
                sameStage ? shown.liveImage() : Optional.empty(),
                replaced,
                ranBefore() ? log.missed() : Optional.empty(),
                stale(),
                instructionContext.outOfDate(build.state(), stage, log.records()));
    }

    /** A miss is news in a cell that has run before; in a new one it is what everybody expects. */
    private boolean ranBefore() {
        return replaced.isPresent()
                || build.history().stale().stream().anyMatch(s -> s.cell().isSameAs(cell));
    }

    /** Cells that wait to be run again, but the one that does. */
    private List<String> stale() {
        return build.history().stale().stream()
                .filter(s -> !s.cell().isSameAs(cell))
                .map(Checkpoint.Stale::title)
                .toList();
    }

    /** Whether there is more to say about a failure than that it changed nothing. */
    boolean isTouched() {
        return build.isChanged() || replaced.isPresent();
    }

    /** One sentence on what stands after a failure. */
    String afterFailure() {
        String stale = stale().isEmpty() ? "" : " Stale: " + String.join(", ", stale()) + ".";
        if (build.isChanged()) {
            return "Earlier steps are kept: " + standing() + stale;
        }
        if (replaced.isPresent()) {
            return "The cell's previous result was discarded: " + standing() + stale;
        }
        return build.state().liveStage().isPresent()
                ? "Nothing changed: " + standing().replaceFirst("@ is", "@ is still")
                : "Nothing changed: there is no image yet.";
    }

    /** {@code @ is 171 MB, step 4.} */
    String standing() {
        return build.state()
                .liveStage()
                .map(stage -> "@ is " + Numbers.size(stage.image().size()) + ", step "
                        + stage.steps().size() + ".")
                .orElse("There is no image yet.");
    }
}
