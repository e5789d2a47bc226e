package org.layerbook.engine.builder;

import org.layerbook.engine.builder.plan.Planner;
import org.layerbook.engine.builder.plan.StageConfig;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.dockerfile.DockerfileException;

/** A stage as it was before one of its steps. */
final class Replay {
    private Replay() {}

    /**
     * @param at index into {@code stage.steps()}, 1 at least
     * @throws DockerfileException when an instruction cannot be planned with these settings
     */
    static Stage until(BuildState state, Stage stage, int at, Planner planner) throws DockerfileException {
        StageConfig draft = state.baseOf(stage)
                .map(p -> p.draft().inherited())
                .orElseGet(() -> StageConfig.of(stage.steps().getFirst().image().config(), stage.base()));
        for (StepRecord step : stage.steps().subList(1, at)) {
            draft = planner.plan(draft, step.instruction()).after();
        }
        return new Stage(
                stage.index(),
                stage.name(),
                stage.from(),
                stage.steps().get(at - 1).image(),
                draft,
                stage.base(),
                stage.baseImage(),
                stage.steps().subList(0, at));
    }
}
