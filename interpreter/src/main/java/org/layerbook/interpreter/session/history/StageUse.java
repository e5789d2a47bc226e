package org.layerbook.interpreter.session.history;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.dockerfile.Instruction;

/** Which stages and images an instruction reads from. Pure. */
public final class StageUse {
    static final Pattern MOUNT_FROM = Pattern.compile("(?:^|,)from=([^,]+)");

    private StageUse() {}

    /** The names after FROM, {@code --from=} and {@code from=} of a mount, as written. */
    public static List<String> sources(Instruction instruction) {
        return switch (instruction) {
            case Instruction.From from -> List.of(from.image());
            case Instruction.Copy copy -> copy.from().stream().toList();
            case Instruction.Run run ->
                run.mounts().stream()
                        .map(MOUNT_FROM::matcher)
                        .filter(Matcher::find)
                        .map(m -> m.group(1))
                        .toList();
            default -> List.of();
        };
    }

    /** Whether it reads files of the build context. */
    public static boolean readsContext(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Copy copy ->
                copy.from().isEmpty() && !copy.sources().paths().isEmpty();
            case Instruction.Add add -> add.sources().paths().stream().anyMatch(path -> !path.contains("://"));
            case Instruction.Run run ->
                run.mounts().stream()
                        .anyMatch(mount ->
                                isBind(mount) && !MOUNT_FROM.matcher(mount).find());
            default -> false;
        };
    }

    /** The default type. */
    private static boolean isBind(String mount) {
        return mount.contains("type=bind") || !mount.contains("type=");
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

    /** The stage before {@code position} that a source names: the last of its name, or its index. */
    static Optional<Integer> indexOf(String source, BuildState build, int position) {
        String name = source.startsWith("@") ? source.substring(1) : source;
        for (int i = position - 1; i >= 0; i--) {
            if (build.stages().get(i).name().filter(name::equalsIgnoreCase).isPresent()) {
                return Optional.of(i);
            }
        }
        boolean isIndex = name.matches("\\d{1,4}") && Integer.parseInt(name) < position;
        return isIndex ? Optional.of(Integer.parseInt(name)) : Optional.empty();
    }
}
