package org.layerbook.engine.builder.plan;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.ImageName;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.RunMount;
import org.layerbook.engine.golang.GoText;

/** What {@code COPY --from} and the mounts of RUN name, and what the names of FROM, COPY and RUN can be. */
public final class StageSources {
    private StageSources() {}

    /** The names as they are written. */
    public static List<String> written(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Copy copy -> copy.from().stream().toList();
            case Instruction.Run run ->
                run.mounts().stream()
                        .flatMap(mount -> RunMount.from(mount).stream())
                        .toList();
            default -> List.of();
        };
    }

    /**
     * The names, which hold no variable.
     *
     * @throws DockerfileException for one that does: BuildKit decides stages before it knows their variables
     */
    public static List<String> of(Instruction instruction) throws DockerfileException {
        if (instruction instanceof Instruction.Copy copy) {
            checkFrom(copy);
        }
        return written(instruction);
    }

    private static void checkFrom(Instruction.Copy copy) throws DockerfileException {
        var words = new Words(Environment.EMPTY, copy);
        if (copy.from().isPresent()
                && !words.word(copy.from().get()).equals(copy.from().get())) {
            throw at(
                    copy,
                    "variable expansion is not supported for --from, define a new stage with FROM using ARG from global"
                            + " scope as a workaround",
                    "put ARG BASE before the first FROM, add FROM $BASE AS source, and use --from=source here");
        }
    }

    /** The stage that {@code name} is, by name or, in COPY, by index; empty for an image. */
    public static <S> Optional<S> stage(String name, Instruction where, StageNames<S> stages, BuildSettings settings)
            throws DockerfileException {
        if (settings.namedImages().containsKey(name)) {
            return Optional.empty();
        }
        if (!(where instanceof Instruction.Copy)) {
            return stages.named(name);
        }
        Optional<S> found = stages.namedOrNumbered(name);
        Optional<Long> index = StageNames.index(name);
        if (index.isPresent() && found.isEmpty()) {
            throw at(
                    where,
                    "invalid stage index " + index.get(),
                    "stage indexes start at 0; number of stages: " + stages.count());
        }
        return found;
    }

    /** @throws DockerfileException when a name that is no stage's could not be an image's */
    public static void checkImage(String name, Instruction where, StageNames<?> stages, BuildSettings settings)
            throws DockerfileException {
        boolean isGiven = settings.namedImages().containsKey(name)
                || settings.namedContext(name).isPresent();
        Optional<String> fault = name.equals(FromPlan.SCRATCH) || isGiven ? Optional.empty() : ImageName.fault(name);
        if (fault.isPresent()) {
            throw at(
                    where,
                    "failed to parse stage name " + GoText.quote(name) + ": " + fault.get(),
                    stages.named(name).isPresent()
                            ? "FROM looks up stage names in lower case"
                            : "image names have the form [host/]name[:tag][@digest], in lower case");
        }
    }

    /** On a stage that an instruction reads from and that has not been built by then. */
    static DockerfileException tooEarly(String source, Instruction where, String stage) {
        String hint = "move the stage " + source + " above this one";
        if (!(where instanceof Instruction.Run run)) {
            String message = "cannot copy from stage " + GoText.quote(source)
                    + ", it needs to be defined before current stage " + GoText.quote(stage);
            return at(where, message, hint);
        }
        String target = run.mounts().stream()
                .filter(mount -> RunMount.from(mount).equals(Optional.of(source)))
                .flatMap(mount -> RunMount.writtenTarget(mount).stream())
                .findFirst()
                .orElse("");
        String message = "cannot mount from stage " + GoText.quote(source) + " to " + GoText.quote(target)
                + ", stage needs to be defined before current command";
        return at(where, message, hint);
    }

    static DockerfileException at(Instruction where, String message, String hint) {
        return new DockerfileException(new Diagnostic(where.origin().range(), message, Optional.of(hint)));
    }
}
