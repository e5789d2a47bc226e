package org.layerbook.engine.dockerfile.parse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.Instruction.CommandLine;
import org.layerbook.engine.dockerfile.parse.DockerfileWriter.Flags;

/** The ways to write an instruction down from what it says; not all of them need to be right for each. */
final class InstructionText {
    private final Instruction instruction;

    InstructionText(Instruction instruction) {
        this.instruction = instruction;
    }

    /** The most usual one first; never empty. */
    List<String> candidates() {
        return arguments().stream()
                .map(arguments -> arguments.isEmpty() ? instruction.keyword() : instruction.keyword() + " " + arguments)
                .toList();
    }

    private List<String> arguments() {
        return switch (instruction) {
            case Instruction.From from -> List.of(from(from));
            case Instruction.Arg arg -> List.of(new Flags().before(declarations(arg.declarations())));
            case Instruction.Env env -> pairs(env.pairs());
            case Instruction.Label label -> pairs(label.pairs());
            case Instruction.Run run -> List.of(run(run));
            case Instruction.Copy copy -> copy(copy);
            case Instruction.Add add -> add(add);
            case Instruction.Workdir workdir -> List.of(new Flags().before(workdir.path()));
            case Instruction.User user -> List.of(new Flags().before(user.user()));
            case Instruction.Expose expose -> List.of(new Flags().before(String.join(" ", expose.ports())));
            case Instruction.Volume volume ->
                List.of(new Flags().before(String.join(" ", volume.paths())), json(volume.paths()));
            case Instruction.Cmd cmd -> List.of(command(new Flags(), cmd.command()));
            case Instruction.Entrypoint entrypoint -> List.of(command(new Flags(), entrypoint.command()));
            case Instruction.Shell shell -> List.of(json(shell.argv()));
            case Instruction.StopSignal signal -> List.of(new Flags().before(signal.signal()));
            case Instruction.Healthcheck healthcheck -> List.of(healthcheck(healthcheck));
            case Instruction.OnBuild onBuild -> List.of(onBuild.trigger());
            case Instruction.Maintainer maintainer -> List.of(new Flags().before(maintainer.name()));
        };
    }

    private static String from(Instruction.From from) {
        String stage = from.stageName().map(name -> " AS " + name).orElse("");
        return new Flags().add("platform", from.platform()).before(from.image() + stage);
    }

    private static String declarations(List<Instruction.ArgDeclaration> declarations) {
        return declarations.stream()
                .map(declaration -> declaration.name()
                        + declaration.defaultValue().map(value -> "=" + value).orElse(""))
                .collect(Collectors.joining(" "));
    }

    /** Values are as written, quotes included; those of the old form may hold spaces, and have to be written so again. */
    private static List<String> pairs(List<Instruction.KeyValue> pairs) {
        String newForm =
                pairs.stream().map(pair -> pair.key() + "=" + pair.value()).collect(Collectors.joining(" "));
        String oldForm = pairs.getFirst().key() + " " + pairs.getFirst().value();
        return List.of(new Flags().before(newForm), new Flags().before(oldForm));
    }

    private static String run(Instruction.Run run) {
        var flags = new Flags()
                .addAll("mount", run.mounts())
                .add("network", run.network())
                .add("security", run.security())
                .addAll("device", run.devices());
        return command(flags, run.command());
    }

    private static String command(Flags flags, CommandLine command) {
        return flags.before(line(command)) + bodies(heredocs(command));
    }

    private static String line(CommandLine command) {
        return switch (command) {
            case CommandLine.Exec(List<String> argv) -> json(argv);
            case CommandLine.Shell(String line, var _) -> line;
        };
    }

    private static List<Instruction.Heredoc> heredocs(CommandLine command) {
        return command instanceof CommandLine.Shell(var _, List<Instruction.Heredoc> heredocs) ? heredocs : List.of();
    }

    private static List<String> copy(Instruction.Copy copy) {
        var flags = new Flags()
                .add("from", copy.from())
                .add("chown", copy.chown())
                .add("chmod", copy.chmod())
                .add("link", copy.link())
                .add("parents", copy.parents())
                .addAll("exclude", copy.exclude());
        return paths(flags, copy.sources(), copy.destination());
    }

    private static List<String> add(Instruction.Add add) {
        var flags = new Flags()
                .add("chown", add.chown())
                .add("chmod", add.chmod())
                .add("link", add.link())
                .add("keep-git-dir", add.keepGitDir().map(String::valueOf))
                .add("checksum", add.checksum())
                .add("unpack", add.unpack().map(String::valueOf))
                .addAll("exclude", add.exclude());
        return paths(flags, add.sources(), add.destination());
    }

    private static List<String> paths(Flags flags, Instruction.Sources sources, String destination) {
        String markers =
                sources.heredocs().stream().map(InstructionText::marker).collect(Collectors.joining());
        String plain = String.join(" ", sources.paths()) + (sources.paths().isEmpty() ? "" : " ");
        var all = new ArrayList<>(sources.paths());
        all.add(destination);
        return List.of(
                flags.before(plain + markers + destination) + bodies(sources.heredocs()), flags.before(json(all)));
    }

    private static String marker(Instruction.Heredoc heredoc) {
        String quote = heredoc.expand() ? "" : "\"";
        return (heredoc.stripTabs() ? "<<-" : "<<") + quote + heredoc.delimiter() + quote + " ";
    }

    private static String bodies(List<Instruction.Heredoc> heredocs) {
        return heredocs.stream()
                .map(heredoc -> "\n" + heredoc.content() + heredoc.delimiter())
                .collect(Collectors.joining());
    }

    private static String healthcheck(Instruction.Healthcheck healthcheck) {
        var flags = new Flags()
                .add("interval", healthcheck.interval().map(InstructionText::duration))
                .add("timeout", healthcheck.timeout().map(InstructionText::duration))
                .add("start-period", healthcheck.startPeriod().map(InstructionText::duration))
                .add("start-interval", healthcheck.startInterval().map(InstructionText::duration))
                .add("retries", healthcheck.retries().map(String::valueOf));
        Optional<String> test = healthcheck.test().map(InstructionText::line);
        return flags.before(test.map(text -> "CMD " + text).orElse("NONE"));
    }

    private static String duration(Duration duration) {
        if (duration.getNano() == 0) {
            return duration.toSeconds() + "s";
        }
        long nanos = duration.toNanos();
        return nanos % 1_000_000 == 0 ? nanos / 1_000_000 + "ms" : nanos + "ns";
    }

    private static String json(List<String> words) {
        return words.stream().map(InstructionText::json).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String json(String word) {
        var out = new StringBuilder("\"");
        for (char character : word.toCharArray()) {
            switch (character) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\t' -> out.append("\\t");
                case '\r' -> out.append("\\r");
                default -> {
                    if (character < ' ') {
                        out.append(String.format("\\u%04x", (int) character));
                    } else {
                        out.append(character);
                    }
                }
            }
        }
        return out.append('"').toString();
    }
}
