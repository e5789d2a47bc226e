package org.layerbook.engine.builder.step;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.plan.ArgScope;

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

    /** The stage that the next instruction goes to. */
    public Optional<Stage> live() {
        return stages.isEmpty() ? Optional.empty() : Optional.of(stages.getLast());
    }
}
