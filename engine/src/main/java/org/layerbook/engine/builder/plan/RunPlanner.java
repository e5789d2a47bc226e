package org.layerbook.engine.builder.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.RunDevice;
import org.layerbook.engine.dockerfile.RunMount;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.sandbox.ProcessSpec;

/** Plans RUN. */
public final class RunPlanner {
    /** A line that is nothing but a heredoc's marker: the body is then the script. */
    private static final Pattern ONLY_MARKER = Pattern.compile("\\d*<<-?(?:[^<\\s\"']+|\"[^\"<]*\"|'[^'<]*')");

    /** On a mount at the root. */
    public static final String ROOT_AS_TARGET = "invalid mount target \"/\"";

    private final BuildSettings settings;
    private final Planner.LayerHistory history;

    RunPlanner(BuildSettings settings, Planner.LayerHistory history) {
        this.settings = settings;
        this.history = history;
    }

    /** Command line of a CMD, ENTRYPOINT or RUN: the shell form goes to the shell in one argument. */
    static List<String> argv(StageConfig draft, Instruction.CommandLine command) {
        return switch (command) {
            case Instruction.CommandLine.Exec exec -> exec.argv();
            case Instruction.CommandLine.Shell shell -> withShell(draft, shell.line());
        };
    }

    private static List<String> withShell(StageConfig draft, String line) {
        var argv =
                new ArrayList<>(draft.config().shell().filter(s -> !s.isEmpty()).orElseGet(draft::defaultShell));
        argv.add(line);
        return argv;
    }

    Step.Run plan(StageConfig draft, Instruction.Run run, Words words) throws DockerfileException {
        Optional<Step.Run.Script> script = script(run.command());
        List<String> argv = script.isPresent()
                ? withShell(draft, Step.Run.SCRIPT_FOLDER + script.get().name())
                : argv(draft, withBodies(run.command()));
        var mounts = new ArrayList<RunMount>();
        for (String text : run.mounts()) {
            RunMount mount = mount(text, words);
            checkTarget(mount, draft);
            mounts.add(mount);
        }
        String entry = "RUN " + arguments(draft) + String.join(" ", argv);
        return new Step.Run(
                history.add(draft, entry),
                argv,
                draft.environment(),
                BuildArguments.proxies(settings.buildArgs()),
                draft.config().workingDir().isEmpty() ? "/" : draft.config().workingDir(),
                draft.config().user(),
                mounts,
                network(run),
                settings.extraHosts(),
                script,
                devices(run));
    }

    public static RunMount mount(String text, Words words) throws DockerfileException {
        try {
            RunMount.checkUnexpanded(text);
            return RunMount.parse(text, words::raw);
        } catch (ExpansionException e) {
            throw new DockerfileException(
                    Diagnostic.of(words.instruction().origin().range(), e.getMessage()));
        }
    }

    private static void checkTarget(RunMount mount, StageConfig draft) {
        Optional<String> target = switch (mount) {
            case RunMount.Bind bind -> Optional.of(bind.target());
            case RunMount.Cache cache -> Optional.of(cache.target());
            case RunMount.Tmpfs tmpfs -> Optional.of(tmpfs.target());
            // These have a place of their own where none is named.
            case RunMount.Secret _, RunMount.Ssh _ -> Optional.empty();
        };
        if (target.isPresent()
                && GoPath.clean(GoPath.resolve(draft.config().workingDir(), target.get()))
                        .equals("/")) {
            throw new IllegalArgumentException(ROOT_AS_TARGET);
        }
    }

    /** {@code |2 a=1 b=2 }: the arguments in scope, with the values the process sees. */
    private static String arguments(StageConfig draft) {
        if (draft.args().values().isEmpty()) {
            return "";
        }
        var text = new StringBuilder("|" + draft.args().values().size() + " ");
        draft.args()
                .values()
                .forEach((name, value) -> text.append(name)
                        .append('=')
                        .append(draft.environment().get(name).or(() -> value).orElse(""))
                        .append(' '));
        return text.toString();
    }

    /** {@code RUN <<EOF} with a body that names its own interpreter. */
    private static Optional<Step.Run.Script> script(Instruction.CommandLine command) {
        if (command instanceof Instruction.CommandLine.Shell(String line, List<Instruction.Heredoc> heredocs)
                && isOnlyMarker(line, heredocs)
                && body(heredocs.getFirst()).startsWith("#!")) {
            Instruction.Heredoc heredoc = heredocs.getFirst();
            return Optional.of(new Step.Run.Script(heredoc.delimiter(), body(heredoc)));
        }
        return Optional.empty();
    }

    static boolean isOnlyMarker(String line, List<Instruction.Heredoc> heredocs) {
        return !heredocs.isEmpty() && ONLY_MARKER.matcher(line.strip()).matches();
    }

    private static String body(Instruction.Heredoc heredoc) {
        return heredoc.stripTabs() ? withoutTabs(heredoc.content()) : heredoc.content();
    }

    static String withoutTabs(String content) {
        return content.replaceAll("(?m)^\t+", "");
    }

    /** A lone heredoc is the command; several, or one among other words, are put together again for the shell to read. */
    private static Instruction.CommandLine withBodies(Instruction.CommandLine command) {
        if (!(command instanceof Instruction.CommandLine.Shell(String line, List<Instruction.Heredoc> heredocs))
                || heredocs.isEmpty()) {
            return command;
        }
        if (isOnlyMarker(line, heredocs)) {
            return new Instruction.CommandLine.Shell(body(heredocs.getFirst()), List.of());
        }
        var text = new StringBuilder(line);
        for (Instruction.Heredoc heredoc : heredocs) {
            text.append('\n').append(heredoc.content()).append(heredoc.delimiter());
        }
        return new Instruction.CommandLine.Shell(text.toString(), List.of());
    }

    private ProcessSpec.Network network(Instruction.Run run) {
        return switch (run.network().orElse("default")) {
            case "none" -> ProcessSpec.Network.NONE;
            case "host" -> ProcessSpec.Network.HOST;
            default -> settings.network();
        };
    }

    /**
     * Refuses what a Dockerfile may ask for and a build here does not give. BuildKit too decides this only when the step is
     * its turn.
     */
    public static void checkGrants(Instruction.Run run) throws DockerfileException {
        if (run.security().filter("insecure"::equals).isPresent()) {
            throw StageSources.at(
                    run,
                    "security.insecure is not allowed: privileged steps are not supported",
                    "remove --security=insecure");
        }
        for (String written : run.devices()) {
            RunDevice device = RunDevice.parse(written);
            if (device.required()) {
                throw StageSources.at(
                        run,
                        "required device " + GoText.quote(device.name()) + " is not registered",
                        "host devices are not available in builds; remove \"required\" to run the step without it");
            }
        }
    }

    /** None is ever there: as BuildKit where no CDI device is registered. */
    private static List<String> devices(Instruction.Run run) {
        return run.devices().stream().map(text -> RunDevice.parse(text).name()).toList();
    }
}
