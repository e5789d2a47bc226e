package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.container.ContainerRuntime;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.interpreter.command.container.attach.AttachedContainer;
import org.layerbook.interpreter.command.container.attach.DetachKeys;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;

/** {@code docker start}. */
public final class StartCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("container start"), Spelling.of("start")),
            "[OPTIONS] CONTAINER [CONTAINER...]",
            "Start one or more stopped containers",
            Arity.atLeast(1),
            List.of(
                    OptionSpec.toggle('a', "attach", "Attach STDOUT/STDERR and forward signals"),
                    OptionSpec.text("detach-keys", "Override the key sequence for detaching a container"),
                    OptionSpec.toggle('i', "interactive", "Attach container's STDIN")),
            Completes.NOTHING,
            StartCommand::run);

    private static final int INTERRUPTED = 130;

    private StartCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        boolean attach =
                invocation.options().on("attach") || invocation.options().on("interactive");
        if (attach && invocation.arguments().size() > 1) {
            throw new CommandException("you cannot start and attach multiple containers at once", 1);
        }
        Containers containers = invocation.services().containers().containers();
        var problems = new ArrayList<String>();
        var failed = new ArrayList<String>();
        for (String argument : invocation.arguments()) {
            try {
                Container container = containers.get(argument);
                ContainerRuntime runtime = invocation.services().containers().runtime();
                if (attach) {
                    return new Outcome.Done(attached(container, runtime, invocation));
                }
                runtime.start(container);
                invocation.context().print(argument + "\n");
            } catch (ContainerException e) {
                problems.add(ContainerCommands.DAEMON + e.getMessage());
                failed.add(argument);
            }
        }
        if (problems.isEmpty()) {
            return Outcome.DONE;
        }
        throw new CommandException(
                String.join("\n", problems) + "\nError: failed to start containers: " + String.join(", ", failed), 1);
    }

    private static int attached(Container container, ContainerRuntime runtime, Invocation invocation)
            throws CommandException, IOException {
        Containers containers = invocation.services().containers().containers();
        var wish = new AttachedContainer.Wish(
                invocation.options().on("interactive")
                        && container.spec().terminal().openStdin(),
                DetachKeys.of(invocation, DetachKeys.INVALID),
                AttachedContainer.Interrupt.STOPS);
        containers.events().record(container, "attach");
        boolean runs = runtime.isRunning(container);
        var attached = new AttachedContainer(container, runtime, invocation.context(), wish);
        AttachedContainer.End end = attached.follow(attach -> {
            if (runs) {
                attach.created(containers.folder(container));
            } else {
                runtime.start(container, attach);
            }
        });
        return switch (end) {
            case AttachedContainer.End.Exited(int status) -> status;
            case AttachedContainer.End.Left left -> left.byKeys() ? 0 : INTERRUPTED;
        };
    }
}
