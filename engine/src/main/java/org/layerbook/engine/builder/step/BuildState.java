package org.layerbook.engine.builder.step;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.plan.ArgScope;
import org.layerbook.engine.builder.plan.StageNames;

/**
 * Where a build stands: its stages so far, the last one live. A value; carrying out an instruction gives a new one, and
 * going back is using an old one.
 *
 * @param globalArgs what ARGs before a FROM have set, in force for FROM lines
 */
public record BuildState(ArgScope globalArgs, List<Stage> stages) {
    public static final BuildState EMPTY = new BuildState(ArgScope.EMPTY, List.of());

    public BuildState {
        stages = List.copyOf(stages);
    }

    public StageNames<Stage> names() {
        return StageNames.of(stages, Stage::index, Stage::name);
    }

    /** The stage that {@code stage} begins with, where it does not begin with an image. */
    public Optional<Stage> baseOf(Stage stage) {
        return base(stage.base(), stage.index());
    }

    /** The stage that a FROM in the place of {@code index} means with {@code name}: it sees those above it. */
    public Optional<Stage> base(String name, int index) {
        List<Stage> above =
                stages.stream().filter(stage -> stage.index() < index).toList();
        return StageNames.of(above, Stage::index, Stage::name).base(name);
    }

    /** The stage that the next instruction goes to. */
    public Optional<Stage> live() {
        return stages.isEmpty() ? Optional.empty() : Optional.of(stages.getLast());
    }
}
