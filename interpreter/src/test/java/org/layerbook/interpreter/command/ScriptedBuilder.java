package org.layerbook.interpreter.command;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.Builder;
import org.layerbook.engine.builder.cache.BuiltCache;
import org.layerbook.engine.builder.fetch.BuildInputs;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.CacheOptions;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildEvent.StepId;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.CacheMiss;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.interpreter.testing.Samples;

/**
 * A builder that runs nothing: every RUN prints its words and adds 1000 bytes, {@code RUN true} is cached, {@code RUN
 * false} fails. Remembers the settings it was given.
 */
final class ScriptedBuilder implements Builder {
    private final BuildInputs inputs;
    Optional<BuildSettings> last = Optional.empty();

    ScriptedBuilder(BuildInputs inputs) {
        this.inputs = inputs;
    }

    @Override
    public BuildState execute(
            BuildState state,
            Instruction instruction,
            BuildSettings settings,
            BuildListener listener,
            Cancellation cancellation) {
        throw new UnsupportedOperationException("only whole files here");
    }

    @Override
    public Image rewritten(Result result) {
        throw new UnsupportedOperationException("no files here");
    }

    @Override
    public BuildState declareGlobal(BuildState state, Instruction.Arg instruction, BuildSettings settings) {
        throw new UnsupportedOperationException("only whole files here");
    }

    @Override
    public Result build(
            Dockerfile dockerfile, BuildSettings settings, BuildListener listener, Cancellation cancellation)
            throws BuildException {
        last = Optional.of(settings);
        var sizes = new ArrayList<Long>();
        int total = (int) dockerfile.instructions().stream()
                .filter(ScriptedBuilder::isCounted)
                .count();
        int position = 0;
        int number = 0;
        for (Instruction instruction : dockerfile.instructions()) {
            number += isCounted(instruction) ? 1 : 0;
            var id = new StepId("", ++position, isCounted(instruction) ? number : 0, total);
            listener.on(new BuildEvent.StepStarted(
                    id, instruction, instruction.origin().original(), false));
            if (instruction instanceof Instruction.Run run) {
                run(run, id, listener, sizes);
            }
            listener.on(new BuildEvent.StepFinished(id, record(instruction, sizes)));
        }
        return new Result(image(sizes), BuildState.EMPTY, Optional.empty(), BuiltCache.NONE);
    }

    @Override
    public BuildInputs inputs() {
        return inputs;
    }

    private static boolean isCounted(Instruction instruction) {
        return instruction instanceof Instruction.From
                || instruction instanceof Instruction.Run
                || instruction instanceof Instruction.Copy;
    }

    private static void run(Instruction.Run run, StepId id, BuildListener listener, List<Long> sizes)
            throws BuildException {
        String words = run.origin().original().substring("RUN ".length());
        if (words.equals("true")) {
            sizes.add(1000L);
            return;
        }
        listener.on(new BuildEvent.Output(id, false, (words + "\n50%\r100%\nend").getBytes(StandardCharsets.UTF_8)));
        if (words.equals("false")) {
            String message = "process \"/bin/sh -c false\" did not complete successfully: exit code: 1";
            listener.on(new BuildEvent.StepFailed(id, message));
            throw new BuildException(
                    BuildException.Kind.RUN_FAILED,
                    Diagnostic.of(run.origin().range(), message),
                    1,
                    Optional.empty(),
                    null);
        }
        sizes.add(1000L);
    }

    private static StepRecord record(Instruction instruction, List<Long> sizes) {
        boolean cached = instruction.origin().original().equals("RUN true");
        Image image = image(sizes);
        boolean layer = instruction instanceof Instruction.Run;
        return new StepRecord(
                instruction,
                false,
                List.of(),
                Optional.empty(),
                image,
                layer ? Optional.of(image.layers().getLast()) : Optional.empty(),
                new LayerChanges(List.of()),
                cached,
                Duration.ofMillis(400),
                Optional.empty(),
                layer && !cached
                        ? Optional.of(new CacheMiss(List.of("command"), "the command changed"))
                        : Optional.empty());
    }

    private static Image image(List<Long> sizes) {
        Image made = Samples.image(
                "built",
                ContainerConfig.EMPTY,
                sizes.stream().mapToLong(Long::longValue).toArray());
        return new Image(Bytes.of(made.config().toJson()), made.config(), made.layers(), Optional.empty());
    }

    @Override
    public void exportCaches(
            List<Result> results, CacheOptions caches, BuildListener listener, Cancellation cancellation) {
        throw new UnsupportedOperationException("no caches here");
    }

    @Override
    public boolean isOutOfDate(BuildState state, Stage stage, StepRecord step, BuildSettings settings) {
        return false;
    }
}
