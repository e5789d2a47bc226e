package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.util.List;
import org.layerbook.engine.container.ContainerRuntime;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerState;
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

/** {@code docker attach}. */
public final class AttachCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("container attach"), Spelling.of("attach")),
            "[OPTIONS] CONTAINER",
            "Attach local standard input, output, and error streams to a running container",
            Arity.exactly(1),
            List.of(
                    OptionSpec.text("detach-keys", "Override the key sequence for detaching a container"),
                    OptionSpec.toggle("no-stdin", "Do not attach STDIN"),
                    OptionSpec.toggle("sig-proxy", "Proxy all received signals to the process (default true)")),
            Completes.NOTHING,
            AttachCommand::run);

    private static final int INTERRUPTED = 130;

    private AttachCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        Containers containers = invocation.services().containers().containers();
        try {
            Container container = containers.get(invocation.arguments().getFirst());
            refuse(container.state());
            ContainerRuntime runtime = ContainerCommands.runtime(invocation);
            containers.events().record(container, "attach");
            return new Outcome.Done(follow(container, runtime, containers, invocation));
        } catch (ContainerException e) {
            throw new CommandException(ContainerCommands.DAEMON + e.getMessage(), 1);
        }
    }

    private static void refuse(ContainerState state) throws CommandException {
        switch (state) {
            case ContainerState.Running running
            when running.paused() ->
                throw new CommandException("You cannot attach to a paused container, unpause it first", 1);
            case ContainerState.Running _ -> {}
            case ContainerState.Restarting _ ->
                throw new CommandException("You cannot attach to a restarting container, wait until it is running", 1);
            case ContainerState.Created _, ContainerState.Exited _ ->
                throw new CommandException("You cannot attach to a stopped container, start it first", 1);
        }
    }

    private static int follow(
            Container container, ContainerRuntime runtime, Containers containers, Invocation invocation)
            throws CommandException, IOException {
        boolean input =
                container.spec().terminal().openStdin() && !invocation.options().on("no-stdin");
        boolean signals = invocation.options().on("sig-proxy", true);
        var wish = new AttachedContainer.Wish(
                input,
                DetachKeys.of(invocation, DetachKeys.INVALID),
                signals ? AttachedContainer.Interrupt.PASSES : AttachedContainer.Interrupt.DETACHES);
        var attached = new AttachedContainer(container, runtime, invocation.context(), wish);
        return switch (attached.follow(attach -> attach.created(containers.folder(container)))) {
            case AttachedContainer.End.Exited(int status) -> status;
            case AttachedContainer.End.Left left
            when left.byKeys() -> throw new CommandException("read escape sequence", 1);
            case AttachedContainer.End.Left _ -> INTERRUPTED;
        };
    }
}
