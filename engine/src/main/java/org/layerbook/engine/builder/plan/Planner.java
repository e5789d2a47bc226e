package org.layerbook.engine.builder.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.PortSpec;
import org.layerbook.engine.dockerfile.StopSignals;
import org.layerbook.engine.golang.GoFormat;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.oci.ContainerConfig;

/**
 * Says what an instruction of a stage comes to, by BuildKit's rules (its {@code dockerfile2llb}). Pure: it looks at no file,
 * no image and no clock, and has no state; one planner serves a whole build.
 */
public final class Planner {
    private final BuildSettings settings;
    private final Environment globals;
    private final Optional<Long> epoch;
    private final CopyPlanner copies;
    private final RunPlanner runs;

    /**
     * @param globals what an ARG without a default finds, see {@link BuildArguments#global}
     * @param epoch SOURCE_DATE_EPOCH, in seconds
     */
    public Planner(BuildSettings settings, Environment globals, Optional<Long> epoch) {
        this.settings = settings;
        this.globals = globals;
        this.epoch = epoch;
        this.copies = new CopyPlanner(epoch, this::history);
        this.runs = new RunPlanner(settings, this::history);
    }

    /** Adds the entry of a layer step to a draft. */
    @FunctionalInterface
    public interface LayerHistory {
        StageConfig add(StageConfig draft, String createdBy);
    }

    /**
     * @param instruction not FROM
     * @throws DockerfileException with the instruction's place and BuildKit's sentence
     */
    public Step plan(StageConfig draft, Instruction instruction) throws DockerfileException {
        var words = new Words(draft.environment(), instruction);
        try {
            return switch (instruction) {
                case Instruction.From from -> throw new IllegalArgumentException("FROM starts a stage: " + from);
                case Instruction.Run run -> runs.plan(draft, run, words);
                case Instruction.Copy copy -> copies.plan(draft, copy, words);
                case Instruction.Add add -> copies.plan(draft, add, words);
                case Instruction.Workdir workdir -> workdir(draft, words.word(workdir.path()));
                case Instruction.Arg arg -> arg(draft, arg, words);
                case Instruction.Env env -> env(draft, env, words);
                case Instruction.Label label -> label(draft, label, words);
                case Instruction.User user -> user(draft, words.word(user.user()));
                case Instruction.Expose expose -> expose(draft, expose, words);
                case Instruction.Volume volume -> volume(draft, volume, words);
                case Instruction.Cmd cmd -> cmd(draft, cmd);
                case Instruction.Entrypoint entrypoint -> entrypoint(draft, entrypoint);
                case Instruction.Shell shell ->
                    configure(
                            draft.withConfig(draft.config().withShell(Optional.of(shell.argv()))),
                            "SHELL " + GoFormat.plain(shell.argv()));
                case Instruction.StopSignal signal -> stopSignal(draft, signal, words);
                case Instruction.Healthcheck healthcheck -> healthcheck(draft, healthcheck);
                case Instruction.OnBuild onBuild -> onBuild(draft, onBuild);
                case Instruction.Maintainer maintainer ->
                    configure(draft.withAuthor(maintainer.name()), "MAINTAINER " + maintainer.name());
            };
        } catch (IllegalArgumentException e) {
            throw new DockerfileException(Diagnostic.of(instruction.origin().range(), e.getMessage()));
        }
    }

    private Step workdir(StageConfig draft, String written) {
        String path = GoPath.resolve(draft.config().workingDir(), written);
        StageConfig moved = draft.withConfig(draft.config().withWorkingDir(path));
        if (path.equals("/")) {
            return configure(moved, "WORKDIR " + path);
        }
        StageConfig after = moved.withHistory("WORKDIR " + path, false, historyTime());
        return new Step.MakeDirectory(after, path, draft.config().user(), epoch);
    }

    private Step arg(StageConfig draft, Instruction.Arg arg, Words words) throws DockerfileException {
        StageConfig after = draft;
        var values = new ArrayList<Optional<String>>();
        var entry = new StringBuilder("ARG");
        for (Instruction.ArgDeclaration declared : arg.declarations()) {
            Optional<String> given = Optional.ofNullable(settings.buildArgs().get(declared.name()));
            Optional<String> value = given;
            if (given.isEmpty() && declared.defaultValue().isPresent()) {
                value = Optional.of(words.in(after.environment())
                        .word(declared.defaultValue().get()));
            } else if (given.isEmpty()) {
                value = globals.get(declared.name());
            }
            values.add(value);
            after = after.withArgs(after.args().with(declared.name(), value));
            if (value.isPresent()) {
                after = after.withEnvironment(after.environment().with(declared.name(), value.get()));
            }
            entry.append(' ')
                    .append(declared.name())
                    .append(value.map(v -> "=" + v).orElse(""));
        }
        return new Step.Configure(after.withHistory(entry.toString(), true, historyTime()), values);
    }

    private Step env(StageConfig draft, Instruction.Env env, Words words) throws DockerfileException {
        ContainerConfig config = draft.config();
        Environment environment = draft.environment();
        var entry = new StringBuilder("ENV");
        for (Instruction.KeyValue pair : words.pairs(env.pairs())) {
            config = config.withEnv(pair.key(), pair.value());
            environment = environment.with(pair.key(), pair.value());
            entry.append(' ').append(pair.key()).append('=').append(pair.value());
        }
        return configure(draft.withConfig(config).withEnvironment(environment), entry.toString());
    }

    private Step label(StageConfig draft, Instruction.Label label, Words words) throws DockerfileException {
        var labels = new LinkedHashMap<>(draft.config().labels());
        var entry = new StringBuilder("LABEL");
        for (Instruction.KeyValue pair : words.pairs(label.pairs())) {
            labels.put(pair.key(), pair.value());
            entry.append(' ').append(pair.key()).append('=').append(pair.value());
        }
        return configure(draft.withConfig(draft.config().withLabels(labels)), entry.toString());
    }

    private Step user(StageConfig draft, String user) {
        return configure(draft.withConfig(draft.config().withUser(user)), "USER " + user);
    }

    private Step expose(StageConfig draft, Instruction.Expose expose, Words words) throws DockerfileException {
        var written = new ArrayList<>(expose.ports());
        written.sort(null);
        var expanded = new ArrayList<String>();
        for (String text : written) {
            expanded.addAll(words.words(text));
        }
        List<String> ports = expanded.stream()
                .flatMap(port -> PortSpec.parse(port).keys().stream())
                .toList();
        var exposed = new TreeSet<>(draft.config().exposedPorts());
        exposed.addAll(ports);
        return configure(draft.withConfig(draft.config().withExposedPorts(exposed)), "EXPOSE " + GoFormat.plain(ports));
    }

    private Step volume(StageConfig draft, Instruction.Volume volume, Words words) throws DockerfileException {
        var paths = new ArrayList<String>();
        for (String path : volume.paths()) {
            String expanded = words.word(path);
            if (expanded.isEmpty()) {
                throw new IllegalArgumentException("VOLUME specified can not be an empty string");
            }
            paths.add(expanded);
        }
        var volumes = new LinkedHashSet<>(draft.config().volumes());
        volumes.addAll(paths);
        return configure(draft.withConfig(draft.config().withVolumes(volumes)), "VOLUME " + GoFormat.plain(paths));
    }

    private Step cmd(StageConfig draft, Instruction.Cmd cmd) {
        List<String> argv = RunPlanner.argv(draft, cmd.command());
        StageConfig after = draft.withConfig(
                        draft.config().withCmd(Optional.of(argv)).withArgsEscaped(true))
                .withCmdSet();
        return configure(after, "CMD " + GoFormat.quoted(argv));
    }

    private Step entrypoint(StageConfig draft, Instruction.Entrypoint entrypoint) {
        List<String> argv = RunPlanner.argv(draft, entrypoint.command());
        ContainerConfig config = draft.config().withEntrypoint(Optional.of(argv));
        return configure(
                draft.withConfig(draft.cmdSet() ? config : config.withCmd(Optional.empty())),
                "ENTRYPOINT " + GoFormat.quoted(argv));
    }

    private Step stopSignal(StageConfig draft, Instruction.StopSignal written, Words words) throws DockerfileException {
        String signal = words.word(written.signal());
        if (StopSignals.number(signal).isEmpty()) {
            throw StageSources.at(
                    written, "invalid signal: " + signal, "use a name such as SIGTERM or SIGINT, or a number");
        }
        return configure(draft.withConfig(draft.config().withStopSignal(Optional.of(signal))), "STOPSIGNAL " + signal);
    }

    private Step healthcheck(StageConfig draft, Instruction.Healthcheck written) {
        List<String> test = switch (written.test().orElse(null)) {
            case null -> List.of("NONE");
            case Instruction.CommandLine.Shell shell -> List.of("CMD-SHELL", shell.line());
            case Instruction.CommandLine.Exec exec -> {
                var words = new ArrayList<String>();
                words.add("CMD");
                words.addAll(exec.argv());
                yield words;
            }
        };
        var check = new ContainerConfig.Healthcheck(
                test,
                written.interval().orElse(Duration.ZERO),
                written.timeout().orElse(Duration.ZERO),
                written.startPeriod().orElse(Duration.ZERO),
                written.startInterval().orElse(Duration.ZERO),
                written.retries().orElse(0));
        String entry = "HEALTHCHECK {Test:" + GoFormat.plain(test)
                + " Interval:" + GoFormat.duration(check.interval())
                + " Timeout:" + GoFormat.duration(check.timeout())
                + " StartPeriod:" + GoFormat.duration(check.startPeriod())
                + " StartInterval:" + GoFormat.duration(check.startInterval())
                + " Retries:" + check.retries() + "}";
        return configure(draft.withConfig(draft.config().withHealthcheck(Optional.of(check))), entry);
    }

    /** No history entry: BuildKit makes none. */
    private Step onBuild(StageConfig draft, Instruction.OnBuild onBuild) {
        var triggers = new ArrayList<>(draft.config().onBuild());
        triggers.add(onBuild.trigger());
        return new Step.Configure(draft.withConfig(draft.config().withOnBuild(triggers)));
    }

    private Step configure(StageConfig changed, String entry) {
        return new Step.Configure(changed.withHistory(entry, true, historyTime()));
    }

    private StageConfig history(StageConfig draft, String createdBy) {
        return draft.withHistory(createdBy + " # buildkit", false, historyTime());
    }

    private Optional<String> historyTime() {
        return epoch.map(seconds -> HistoryTimes.format(Instant.ofEpochSecond(seconds)));
    }
}
