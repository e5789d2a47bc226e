package org.layerbook.interpreter.session.history;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.engine.builder.plan.StageNames;
import org.layerbook.engine.builder.plan.StageSources;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.RunMount;

/** Which stages and images an instruction reads from. Pure. */
public final class StageUse {
    private StageUse() {}

    /** The names after FROM, {@code --from=} and {@code from=} of a mount, as written. */
    public static List<String> sources(Instruction instruction) {
        return instruction instanceof Instruction.From from ? List.of(from.image()) : StageSources.written(instruction);
    }

    /** Whether it reads files of the build context. */
    public static boolean readsContext(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Copy copy ->
                copy.from().isEmpty() && !copy.sources().paths().isEmpty();
            case Instruction.Add add -> add.sources().paths().stream().anyMatch(path -> !path.contains("://"));
            case Instruction.Run run -> run.mounts().stream().anyMatch(RunMount::readsContext);
            default -> false;
        };
    }

    /** Whether a later stage reads from the one at {@code index}. */
    public static boolean isUsed(BuildState build, int index) {
        for (int i = index + 1; i < build.stages().size(); i++) {
            Stage user = build.stages().get(i);
            int position = i;
            boolean uses = instructions(user)
                    .flatMap(instruction -> sources(instruction).stream())
                    .anyMatch(source -> indexOf(source, build, position).equals(Optional.of(index)));
            if (uses) {
                return true;
            }
        }
        return false;
    }

    private static Stream<Instruction> instructions(Stage stage) {
        return stage.steps().stream().filter(s -> !s.onBuild()).map(StepRecord::instruction);
    }

    /** The stage before {@code position} that a source names. */
    static Optional<Integer> indexOf(String source, BuildState build, int position) {
        String name = source.startsWith("@") ? source.substring(1) : source;
        return StageNames.of(build.stages().subList(0, position), Stage::index, Stage::name)
                .namedOrNumbered(name)
                .map(Stage::index);
    }
}
