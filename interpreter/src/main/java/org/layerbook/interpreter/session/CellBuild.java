package org.layerbook.interpreter.session;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.builder.Builder;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.interpreter.session.history.Checkpoint;
import org.layerbook.interpreter.session.history.SessionHistory;
import org.layerbook.interpreter.session.history.SessionState;
import org.layerbook.interpreter.session.history.StageUse;
import org.layerbook.interpreter.session.output.StepLog;

/**
 * The build of the session while one cell runs: begins at the state before the cell, and what stands at the end becomes
 * the session's. Confined to the thread that runs the cell.
 */
final class CellBuild {
    private final StepLog log;
    private final Cancellation cancellation;
    private SessionHistory history;
    private SessionState state;

    /**
     * @param history where it begins
     * @param log what is told of the steps
     */
    CellBuild(SessionHistory history, StepLog log, Cancellation cancellation) {
        this.history = history;
        this.state = history.state();
        this.log = log;
        this.cancellation = cancellation;
    }

    SessionHistory history() {
        return history;
    }

    SessionState state() {
        return state;
    }

    void setState(SessionState changed) {
        state = changed;
    }

    boolean isChanged() {
        return state != history.state();
    }

    /** What was done up to here is that cell's; what follows is another's. */
    void checkpoint(Checkpoint.Ran cell) {
        history = history.after(cell, state);
    }

    void restart(SessionHistory changed) {
        history = changed;
        state = changed.state();
    }

    void run(InstructionContext instructionContext, Instruction instruction, boolean beforeFrom, SourceRange place)
            throws CellFailureException {
        BuildState before = state.build();
        int number = before.live().map(s -> s.steps().size()).orElse(0) + 1;
        boolean from = instruction instanceof Instruction.From;
        log.begin(from ? 1 : number, instruction);
        try {
            Builder builder = instructionContext.builder(place);
            var settings = instructionContext.settings(instruction, history, state, place);
            BuildState after = beforeFrom
                            && instruction instanceof Instruction.Arg arg
                            && !before.stages().isEmpty()
                    ? builder.declareGlobal(before, arg, settings)
                    : builder.execute(before, instruction, settings, log, cancellation);
            List<StepRecord> made = madeBy(before, after, from);
            log.finished(from ? 1 : number, made, instructionContext.hiddenFrom(instruction, state));
            state = state.withBuild(from ? withoutReplacedStage(after) : after);
            if (StageUse.readsContext(instruction) && !made.isEmpty()) {
                state = state.withCopy(made.getFirst(), instructionContext.context(state));
            }
        } catch (BuildException e) {
            log.failed();
            instructionContext.keepFailed(e);
            throw CellFailureException.of(e, place, log.tail());
        } catch (CellFailureException e) {
            log.failed();
            throw e;
        }
    }

    private static List<StepRecord> madeBy(BuildState before, BuildState after, boolean from) {
        List<StepRecord> now = after.live().map(Stage::steps).orElse(List.of());
        int old = from ? 0 : before.live().map(s -> s.steps().size()).orElse(0);
        return now.size() > old ? now.subList(old, now.size()) : List.of();
    }

    /**
     * A FROM with the name of a stage that there is takes its place. A stage that a later one stands on stays in the
     * build, out of sight behind the new one's name, as in a Dockerfile with two stages of a name.
     */
    private static BuildState withoutReplacedStage(BuildState after) {
        Stage made = after.stages().getLast();
        for (int i = 0; i < after.stages().size() - 1; i++) {
            Stage old = after.stages().get(i);
            boolean sameName = old.name().isPresent()
                    && made.name().filter(old.name().get()::equalsIgnoreCase).isPresent();
            if (sameName && !StageUse.isUsed(after, i)) {
                return without(after, i);
            }
        }
        return after;
    }

    private static BuildState without(BuildState build, int index) {
        var stages = new ArrayList<Stage>();
        for (Stage stage : build.stages()) {
            if (stage.index() != index) {
                stages.add(new Stage(
                        stages.size(),
                        stage.name(),
                        stage.from(),
                        stage.image(),
                        stage.draft(),
                        stage.base(),
                        stage.baseImage(),
                        stage.steps()));
            }
        }
        return new BuildState(build.globalArgs(), stages);
    }
}
