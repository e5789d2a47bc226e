package org.layerbook.interpreter.command.image;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.Instruction.CommandLine;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.interpreter.command.spec.CommandException;

/** {@code docker import --change} and {@code docker commit --change}: instructions that only touch the config, without variables to expand. */
public final class ImportChanges {
    private static final String DAEMON = "Error response from daemon: ";

    private ImportChanges() {}

    /** As the classic builder: an entry point takes the command away unless one of the changes has set it. */
    public static ContainerConfig apply(ContainerConfig base, List<String> changes) throws CommandException {
        ContainerConfig config = base;
        boolean commandSet = false;
        for (String change : changes) {
            try {
                for (Instruction instruction :
                        DockerfileParser.parseInstructions(change).instructions()) {
                    commandSet |= instruction instanceof Instruction.Cmd;
                    config = apply(config, instruction);
                    if (instruction instanceof Instruction.Entrypoint && !commandSet) {
                        config = config.withCmd(Optional.empty());
                    }
                }
            } catch (DockerfileException e) {
                String word = change.strip().split("\\s", 2)[0].toLowerCase(Locale.ROOT);
                boolean unknown = e.getMessage().startsWith("unknown instruction");
                throw new CommandException(
                        DAEMON + (unknown ? word + " is not a valid change command" : e.getMessage()), 1);
            }
        }
        return config;
    }

    private static ContainerConfig apply(ContainerConfig config, Instruction instruction) throws CommandException {
        return switch (instruction) {
            case Instruction.Env env -> {
                ContainerConfig changed = config;
                for (Instruction.KeyValue pair : env.pairs()) {
                    changed = changed.withEnv(pair.key(), unquoted(pair.value()));
                }
                yield changed;
            }
            case Instruction.Label label -> {
                var labels = new LinkedHashMap<>(config.labels());
                label.pairs().forEach(pair -> labels.put(unquoted(pair.key()), unquoted(pair.value())));
                yield config.withLabels(labels);
            }
            case Instruction.Cmd cmd -> config.withCmd(Optional.of(argv(cmd.command())));
            case Instruction.Entrypoint entrypoint -> config.withEntrypoint(Optional.of(argv(entrypoint.command())));
            case Instruction.User user -> config.withUser(user.user());
            case Instruction.Workdir workdir -> config.withWorkingDir(workdir.path());
            case Instruction.StopSignal signal -> config.withStopSignal(Optional.of(signal.signal()));
            case Instruction.Expose expose -> {
                var ports = new TreeSet<>(config.exposedPorts());
                expose.ports().forEach(port -> ports.add(port.contains("/") ? port : port + "/tcp"));
                yield config.withExposedPorts(ports);
            }
            case Instruction.Volume volume -> {
                var volumes = new TreeSet<>(config.volumes());
                volumes.addAll(volume.paths());
                yield config.withVolumes(volumes);
            }
            case Instruction.OnBuild trigger -> {
                var triggers = new ArrayList<>(config.onBuild());
                triggers.add(trigger.trigger());
                yield config.withOnBuild(triggers);
            }
            case Instruction.Healthcheck check -> config.withHealthcheck(Optional.of(healthcheck(check)));
            default ->
                throw new CommandException(
                        DAEMON + instruction.keyword().toLowerCase(Locale.ROOT) + " is not a valid change command", 1);
        };
    }

    private static List<String> argv(CommandLine command) {
        return switch (command) {
            case CommandLine.Exec exec -> exec.argv();
            case CommandLine.Shell shell -> List.of("/bin/sh", "-c", shell.line());
        };
    }

    private static ContainerConfig.Healthcheck healthcheck(Instruction.Healthcheck check) {
        List<String> test = check.test()
                .map(command -> switch (command) {
                    case CommandLine.Exec exec -> {
                        var words = new ArrayList<>(List.of("CMD"));
                        words.addAll(exec.argv());
                        yield List.copyOf(words);
                    }
                    case CommandLine.Shell shell -> List.of("CMD-SHELL", shell.line());
                })
                .orElse(List.of("NONE"));
        return new ContainerConfig.Healthcheck(
                test,
                check.interval().orElse(Duration.ZERO),
                check.timeout().orElse(Duration.ZERO),
                check.startPeriod().orElse(Duration.ZERO),
                check.startInterval().orElse(Duration.ZERO),
                check.retries().orElse(0));
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1
                && (value.startsWith("\"") && value.endsWith("\"") || value.startsWith("'") && value.endsWith("'"));
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
