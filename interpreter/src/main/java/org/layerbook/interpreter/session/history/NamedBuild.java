package org.layerbook.interpreter.session.history;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
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

    /** The stage of this name (case aside, the last of several, as in a Dockerfile) or index. */
    Optional<Stage> stage(String reference) {
        List<Stage> stages = state.stages();
        Optional<Stage> named = stages.reversed().stream()
                .filter(s -> s.name().filter(reference::equalsIgnoreCase).isPresent())
                .findFirst();
        if (named.isPresent() || !reference.matches("\\d{1,4}")) {
            return named;
        }
        int index = Integer.parseInt(reference);
        return index < stages.size() ? Optional.of(stages.get(index)) : Optional.empty();
    }

    /** Stages that a later one of the same name has not taken the place of, by their positions. */
    public List<Integer> visibleStages() {
        return IntStream.range(0, state.stages().size())
                .filter(i -> state.stages()
                        .get(i)
                        .name()
                        .map(n -> n.toLowerCase(Locale.ROOT))
                        .filter(n -> stage(n).orElseThrow() != state.stages().get(i))
                        .isEmpty())
                .boxed()
                .toList();
    }
}
