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
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.sandbox.ProcessSpec;

/** Plans RUN. */
public final class RunPlanner {
    /** A line that is nothing but a heredoc's marker: the body is then the script. */
    private static final Pattern ONLY_MARKER = Pattern.compile("\\d*<<-?(?:[^<\\s\"']+|\"[^\"<]*\"|'[^'<]*')");

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
        checkSecurity(run);
        Optional<Step.Run.Script> script = script(run.command());
        List<String> argv = script.isPresent()
                ? withShell(draft, Step.Run.SCRIPT_FOLDER + script.get().name())
                : argv(draft, withBodies(run.command()));
        var mounts = new ArrayList<RunMount>();
        for (String mount : run.mounts()) {
            mounts.add(mount(mount, words));
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
                missingDevices(run));
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

    private static void checkSecurity(Instruction.Run run) throws DockerfileException {
        if (run.security().filter("insecure"::equals).isPresent()) {
            throw new DockerfileException(new Diagnostic(
                    run.origin().range(),
                    "security.insecure is not allowed: a build gives no step the rights of the host",
                    Optional.of("leave --security=insecure out")));
        }
    }

    /** None is ever there: as BuildKit where no CDI device is registered. */
    private static List<String> missingDevices(Instruction.Run run) throws DockerfileException {
        var missing = new ArrayList<String>();
        for (String written : run.devices()) {
            RunDevice device = RunDevice.parse(written);
            if (device.required()) {
                throw new DockerfileException(new Diagnostic(
                        run.origin().range(),
                        "required device " + GoText.quote(device.name()) + " is not registered",
                        Optional.of("a build gives no step the devices of the host: without \"required\" the step runs"
                                + " without it")));
            }
            missing.add(device.name());
        }
        return missing;
    }
}
