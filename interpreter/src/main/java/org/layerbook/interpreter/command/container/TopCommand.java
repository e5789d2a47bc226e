package org.layerbook.interpreter.command.container;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerbook.engine.container.ContainerRuntime;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.view.layout.TabWriter;

/** {@code docker top}: what the host's {@code ps} says of the container's processes. */
public final class TopCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("container top"), Spelling.of("top")),
            "CONTAINER [ps OPTIONS]",
            "Display the running processes of a container",
            Arity.atLeast(1).optionsFirst(),
            List.of(),
            Completes.NOTHING,
            TopCommand::run);

    private static final int COLUMN = 20;
    private static final int GAP = 3;
    private static final int NOT_FOUND = 127;

    private TopCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        Containers containers = invocation.services().containers().containers();
        var options = invocation.arguments().subList(1, invocation.arguments().size());
        try {
            Container container = containers.get(invocation.arguments().getFirst());
            ContainerRuntime runtime = ContainerCommands.runtime(invocation);
            Set<String> pids = runtime.processes().of(container).stream()
                    .map(pid -> Long.toString(pid))
                    .collect(Collectors.toSet());
            String table =
                    table(ps(options.isEmpty() ? List.of("-ef") : options, pids, runtime.host(), invocation), pids);
            containers.events().record(container, "top");
            invocation.context().print(TabWriter.align(table, COLUMN, GAP));
        } catch (ContainerException e) {
            throw new CommandException(ContainerCommands.DAEMON + e.getMessage(), 1);
        }
        return Outcome.DONE;
    }

    /** Some options cannot stand beside a list of processes: then all are asked for. */
    private static String ps(List<String> options, Set<String> pids, HostCommands host, Invocation invocation)
            throws CommandException, IOException {
        var output = new ByteArrayOutputStream();
        var errors = new ByteArrayOutputStream();
        var words = new ArrayList<>(List.of("ps"));
        words.addAll(options);
        var chosen = new ArrayList<>(words);
        chosen.addAll(List.of("-q", String.join(",", pids)));
        for (List<String> argv : List.of(chosen, words)) {
            output.reset();
            errors.reset();
            ExitStatus status = host.run(
                    new HostCommand(argv, Path.of("/"), host.environment()),
                    ProcessIo.outputOnly(output, errors),
                    invocation.context().cancellation());
            if (status.isSuccess()) {
                return output.toString(StandardCharsets.UTF_8);
            }
            if (status.code() == NOT_FOUND) {
                throw new CommandException(
                        ContainerCommands.DAEMON + "exec: \"ps\": executable file not found in $PATH", 1);
            }
        }
        String first = errors.toString(StandardCharsets.UTF_8)
                .strip()
                .lines()
                .findFirst()
                .orElse("failed");
        throw new CommandException(ContainerCommands.DAEMON + "ps: " + first, 1);
    }

    private static String table(String output, Set<String> pids) throws CommandException {
        List<String> lines = output.lines().toList();
        List<String> titles = fields(lines.isEmpty() ? "" : lines.getFirst());
        int pid = titles.indexOf("PID");
        if (pid < 0) {
            throw new CommandException(ContainerCommands.DAEMON + "Couldn't find PID field in ps output", 1);
        }
        var table = new StringBuilder(String.join("\t", titles)).append('\n');
        for (String line : lines.subList(1, lines.size())) {
            List<String> fields = fields(line);
            if (fields.size() > pid && pids.contains(fields.get(pid))) {
                int last = Math.min(fields.size(), titles.size()) - 1;
                var row = new ArrayList<>(fields.subList(0, last));
                row.add(String.join(" ", fields.subList(last, fields.size())));
                table.append(String.join("\t", row)).append('\n');
            }
        }
        return table.toString();
    }

    private static List<String> fields(String line) {
        return Arrays.asList(line.strip().split("\\s+"));
    }
}
