package org.layerbook.interpreter.session;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.layerbook.engine.build.BuildEvent;
import org.layerbook.engine.build.BuildException;
import org.layerbook.engine.build.BuildListener;
import org.layerbook.engine.build.BuildSettings;
import org.layerbook.engine.build.BuildState;
import org.layerbook.engine.build.Builder;
import org.layerbook.engine.build.CacheMiss;
import org.layerbook.engine.build.Draft;
import org.layerbook.engine.build.Environment;
import org.layerbook.engine.build.Stage;
import org.layerbook.engine.build.StepRecord;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.sandbox.Cancellation;
import org.layerbook.engine.store.Bytes;
import org.layerbook.engine.store.Image;
import org.layerbook.engine.store.Layer;

/**
 * A builder without files or processes, to test sessions. RUN understands a few words joined by {@code &&}: {@code echo
 * …} prints, {@code warn …} prints on standard error, {@code exit N} fails, {@code wait} waits to be cancelled; anything
 * else does nothing. RUN, COPY and ADD add a layer, and are cached by the image before them and by what they read.
 */
final class FakeBuilder implements Builder {
    private final Set<String> cache = new HashSet<>();
    private final Map<Instruction, String> copied = new HashMap<>();
    /** Opens when a {@code RUN wait} has begun. */
    final CountDownLatch waiting = new CountDownLatch(1);

    @Override
    public BuildState execute(
            BuildState state,
            Instruction instruction,
            BuildSettings settings,
            BuildListener listener,
            Cancellation cancellation)
            throws BuildException {
        if (instruction instanceof Instruction.From from) {
            return from(state, from, settings);
        }
        if (state.stages().isEmpty() && instruction instanceof Instruction.Arg arg) {
            return declareGlobal(state, arg, settings);
        }
        Stage stage = state.live()
                .orElseThrow(
                        () -> fault(BuildException.Kind.INVALID, instruction, "no build stage in current context"));
        return step(state, stage, instruction, settings, listener, cancellation);
    }

    private BuildState step(
            BuildState state,
            Stage stage,
            Instruction instruction,
            BuildSettings settings,
            BuildListener listener,
            Cancellation cancellation)
            throws BuildException {
        Draft draft = stage.draft();
        String text =
                String.join(" ", instruction.origin().original().split("\\s+")).strip();
        boolean layer = instruction instanceof Instruction.Run
                || instruction instanceof Instruction.Copy
                || instruction instanceof Instruction.Add;
        String read = instruction instanceof Instruction.Copy copy ? content(state, copy, settings) : "";
        if (instruction instanceof Instruction.Arg arg) {
            draft = declared(draft, state, arg, settings);
            Instruction.ArgDeclaration first = arg.declarations().getFirst();
            text = "ARG " + first.name()
                    + draft.args()
                            .values()
                            .getOrDefault(first.name(), Optional.empty())
                            .map(v -> "=" + v)
                            .orElse("");
        }
        boolean cached = layer && !cache.add(stage.image().id() + text + read + draft.args());
        if (layer && !cached && instruction instanceof Instruction.Run run) {
            try {
                process(run, listener, cancellation);
            } catch (BuildException e) {
                cache.remove(stage.image().id() + text + read + draft.args());
                throw e;
            }
        }
        copied.put(instruction, read);
        Image image = changed(stage.image(), text, layer ? 10 + text.length() + read.length() : -1);
        var record = new StepRecord(
                instruction,
                false,
                Optional.of(text),
                stage.image().chainId(),
                image,
                layer ? Optional.of(image.layers().getLast()) : Optional.empty(),
                new LayerChanges(List.of()),
                cached,
                Duration.ZERO,
                Optional.empty(),
                layer && !cached
                        ? Optional.of(new CacheMiss(List.of("command"), "no step like it was carried out before"))
                        : Optional.empty());
        return with(state, stage, image, draft, record);
    }

    private static BuildState with(BuildState state, Stage stage, Image image, Draft draft, StepRecord record) {
        var steps = new ArrayList<>(stage.steps());
        steps.add(record);
        var stages = new ArrayList<>(state.stages());
        stages.set(
                stages.size() - 1,
                new Stage(stage.index(), stage.name(), stage.from(), image, draft, stage.base(), steps));
        return new BuildState(state.globalArgs(), stages);
    }

    private BuildState from(BuildState state, Instruction.From from, BuildSettings settings) throws BuildException {
        String name = from.image();
        for (var arg : state.globalArgs().values().entrySet()) {
            name = name.replace("$" + arg.getKey(), arg.getValue().orElse(""));
        }
        String wanted = name;
        Image base = Optional.ofNullable(settings.namedImages().get(wanted))
                .or(() -> state.stages().reversed().stream()
                        .filter(s -> s.name().filter(wanted::equalsIgnoreCase).isPresent())
                        .map(Stage::image)
                        .findFirst())
                .or(() -> stored(wanted))
                .orElseThrow(() -> fault(BuildException.Kind.NO_SUCH_IMAGE, from, "there is no image " + wanted));
        var record = new StepRecord(
                from,
                false,
                Optional.empty(),
                Optional.empty(),
                base,
                Optional.empty(),
                new LayerChanges(List.of()),
                true,
                Duration.ZERO,
                Optional.empty(),
                Optional.empty());
        var stages = new ArrayList<>(state.stages());
        stages.add(new Stage(
                stages.size(),
                from.stageName(),
                from,
                base,
                Draft.scratch(new Platform("linux", "amd64")),
                wanted,
                List.of(record)));
        return new BuildState(state.globalArgs(), stages);
    }

    /** What is in the store: {@code busybox} and {@code alpine} with any tag, and nothing in {@code scratch}. */
    static Optional<Image> stored(String name) {
        Image empty = image(
                new ImageConfig(
                        new Platform("linux", "amd64"),
                        Optional.empty(),
                        Optional.empty(),
                        ContainerConfig.EMPTY,
                        List.of(),
                        List.of()),
                List.of());
        return switch (name.split(":")[0]) {
            case "scratch" -> Optional.of(empty);
            case "busybox" -> Optional.of(changed(empty, "ADD " + name, 4_000_000));
            case "alpine" -> Optional.of(changed(empty, "ADD " + name, 8_000_000));
            default -> Optional.empty();
        };
    }

    private static Image image(ImageConfig config, List<Layer> layers) {
        return new Image(
                Bytes.of(config.toString().getBytes(StandardCharsets.UTF_8)), config, layers, Optional.empty());
    }

    /** The image with another history entry, and a layer where {@code size} is not negative. */
    private static Image changed(Image image, String text, long size) {
        var layers = new ArrayList<>(image.layers());
        if (size >= 0) {
            Digest diff = Digest.sha256((image.chainId() + text).getBytes(StandardCharsets.UTF_8));
            layers.add(new Layer(diff, Layer.chain(image.chainId(), diff), size, Optional.empty()));
        }
        var history = new ArrayList<>(image.config().history());
        history.add(new ImageConfig.History(
                Optional.empty(), Optional.of(text), Optional.empty(), Optional.empty(), size < 0));
        var config = new ImageConfig(
                image.config().platform(),
                Optional.empty(),
                Optional.empty(),
                image.config().config(),
                layers.stream().map(Layer::diffId).toList(),
                history);
        return image(config, layers);
    }

    private void process(Instruction.Run run, BuildListener listener, Cancellation cancellation) throws BuildException {
        var step = new BuildEvent.StepId("stage-0", 1, 1, 0);
        String line = ((Instruction.CommandLine.Shell) run.command()).line();
        for (String command : line.split("&&")) {
            String[] words = command.strip().split(" ", 2);
            String rest = words.length > 1 ? words[1] : "";
            switch (words[0]) {
                case "echo", "warn" ->
                    listener.on(new BuildEvent.Output(
                            step, words[0].equals("warn"), (rest + "\n").getBytes(StandardCharsets.UTF_8)));
                case "exit" ->
                    throw new BuildException(
                            BuildException.Kind.RUN_FAILED,
                            Diagnostic.of(run.origin().range(), "RUN failed: " + line + " exited with " + rest),
                            Integer.parseInt(rest),
                            Optional.empty(),
                            null);
                case "wait" -> {
                    waitFor(cancellation);
                    throw fault(BuildException.Kind.CANCELLED, run, "interrupted");
                }
                default -> {}
            }
        }
    }

    @SuppressWarnings("try") // the registration is only closed
    private void waitFor(Cancellation cancellation) {
        var cancelled = new CountDownLatch(1);
        try (var registration = cancellation.onCancel(cancelled::countDown)) {
            waiting.countDown();
            cancelled.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String content(BuildState state, Instruction.Copy copy, BuildSettings settings)
            throws BuildException {
        if (copy.from().isPresent()) {
            String from = copy.from().get();
            boolean known = settings.namedImages().containsKey(from)
                    || state.stages().stream()
                            .anyMatch(s -> s.name().equals(copy.from()) || (s.index() + "").equals(from));
            if (!known && stored(from).isEmpty()) {
                throw fault(BuildException.Kind.NO_SUCH_IMAGE, copy, "there is no stage or image " + from);
            }
            return from;
        }
        var text = new StringBuilder();
        for (String path : copy.sources().paths()) {
            Path file = settings.context().orElseThrow().resolve(path);
            try {
                text.append(Files.isDirectory(file) ? path : Files.readString(file));
            } catch (IOException e) {
                throw fault(BuildException.Kind.NOT_IN_CONTEXT, copy, "\"" + path + "\" is not in the build context");
            }
        }
        return text.toString();
    }

    private static Draft declared(Draft draft, BuildState state, Instruction.Arg arg, BuildSettings settings) {
        var args = draft.args();
        for (Instruction.ArgDeclaration declared : arg.declarations()) {
            Optional<String> inherited = state.globalArgs().values().getOrDefault(declared.name(), Optional.empty());
            args = args.with(
                    declared.name(),
                    Optional.ofNullable(settings.buildArgs().get(declared.name()))
                            .or(declared::defaultValue)
                            .or(() -> inherited));
        }
        return new Draft(
                draft.platform(),
                draft.author(),
                draft.config(),
                draft.history(),
                args,
                Environment.EMPTY,
                draft.cmdSet());
    }

    @Override
    public BuildState declareGlobal(BuildState state, Instruction.Arg arg, BuildSettings settings) {
        var args = state.globalArgs();
        for (Instruction.ArgDeclaration declared : arg.declarations()) {
            args = args.with(
                    declared.name(),
                    Optional.ofNullable(settings.buildArgs().get(declared.name()))
                            .or(declared::defaultValue));
        }
        return new BuildState(args, state.stages());
    }

    @Override
    public Result build(
            Dockerfile dockerfile, BuildSettings settings, BuildListener listener, Cancellation cancellation)
            throws BuildException {
        BuildState state = BuildState.EMPTY;
        for (Instruction instruction : dockerfile.instructions()) {
            state = execute(state, instruction, settings, listener, cancellation);
        }
        return new Result(state.live().orElseThrow().image(), state, Optional.empty());
    }

    @Override
    public boolean isOutOfDate(BuildState state, Stage stage, StepRecord step, BuildSettings settings) {
        try {
            return step.instruction() instanceof Instruction.Copy copy
                    && !content(state, copy, settings).equals(copied.get(copy));
        } catch (BuildException e) {
            return true;
        }
    }

    private static BuildException fault(BuildException.Kind kind, Instruction instruction, String message) {
        return new BuildException(
                kind, Diagnostic.of(instruction.origin().range(), message), 1, Optional.empty(), null);
    }
}
