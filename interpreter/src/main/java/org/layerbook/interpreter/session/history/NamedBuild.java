package org.layerbook.interpreter.session.history;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.plan.StageNames;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.Stage;

/**
 * One build of a session: what {@code %new} begins.
 *
 * @param number from 1, as the session counts its builds
 * @param name what {@code %new NAME} called it
 */
public record NamedBuild(int number, Optional<String> name, BuildState state) {
    NamedBuild with(BuildState changed) {
        return new NamedBuild(number, name, changed);
    }

    public boolean isEmpty() {
        return state.stages().isEmpty() && state.globalArgs().values().isEmpty();
    }

    boolean isCalled(String reference) {
        return name.filter(reference::equalsIgnoreCase).isPresent() || reference.equals(Integer.toString(number));
    }

    /** What it is called in {@code @CALLED/stage}. */
    public String called() {
        return name.orElse(Integer.toString(number));
    }

    /** The stage of this name or index. */
    Optional<Stage> stage(String reference) {
        return state.names().namedOrNumbered(reference);
    }

    /** Stages that a later one of the same name has not taken the place of, by their positions. */
    public List<Integer> visibleStages() {
        StageNames<Stage> names = state.names();
        return state.stages().stream()
                .filter(stage -> stage.name()
                        .filter(name -> names.named(name).orElseThrow() != stage)
                        .isEmpty())
                .map(Stage::index)
                .toList();
    }
}
