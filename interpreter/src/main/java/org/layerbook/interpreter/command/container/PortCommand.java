package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.HostOptions.PortBinding;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;

/** {@code docker port}. */
public final class PortCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("container port"), Spelling.of("port")),
            "CONTAINER [PRIVATE_PORT[/PROTO]]",
            "List port mappings or a specific mapping for the container",
            new Arity(1, 2),
            List.of(),
            Completes.NOTHING,
            PortCommand::run);

    private static final int HIGHEST = 65535;

    private PortCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        Container container;
        String name = invocation.arguments().getFirst();
        try {
            container = invocation.services().containers().containers().get(name);
        } catch (ContainerException e) {
            throw new CommandException(ContainerCommands.DAEMON + e.getMessage(), 1);
        }
        List<PortBinding> published = PublishedPorts.of(container);
        if (invocation.arguments().size() == 1) {
            var lines = new ArrayList<String>();
            published.forEach(port -> lines.add(
                    port.containerPort() + "/" + port.protocol() + " -> " + PublishedPorts.address(port) + "\n"));
            lines.sort(null);
            invocation.context().print(String.join("", lines));
            return Outcome.DONE;
        }
        String asked = invocation.arguments().get(1);
        int slash = asked.indexOf('/');
        String number = slash < 0 ? asked : asked.substring(0, slash);
        String protocol = slash < 0 ? "tcp" : asked.substring(slash + 1);
        check(number);
        String lines = published.stream()
                .filter(port -> Integer.toString(port.containerPort()).equals(number)
                        && port.protocol().toString().equals(protocol))
                .map(port -> PublishedPorts.address(port) + "\n")
                .reduce("", String::concat);
        if (lines.isEmpty()) {
            throw new CommandException("Error: No public port '" + asked + "' published for " + name, 1);
        }
        invocation.context().print(lines);
        return Outcome.DONE;
    }

    private static void check(String number) throws CommandException {
        boolean isNumber = number.matches("\\d+");
        if (!isNumber || number.length() > 5 || Integer.parseInt(number) > HIGHEST) {
            throw new CommandException(
                    "Error: invalid port (" + number + "): strconv.ParseUint: parsing \"" + number + "\": "
                            + (isNumber ? "value out of range" : "invalid syntax"),
                    1);
        }
    }
}
