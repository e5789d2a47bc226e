package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.container.ContainerExec;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.command.container.attach.AttachedContainer;
import org.layerbook.interpreter.command.container.attach.UserStreams;
import org.layerbook.interpreter.command.container.create.EnvironmentArguments;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;

/** {@code docker exec}. */
public final class ExecCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("container exec"), Spelling.of("exec")),
            "[OPTIONS] CONTAINER COMMAND [ARG...]",
            "Execute a command in a running container",
            Arity.atLeast(2).optionsFirst(),
            List.of(
                    OptionSpec.toggle('d', "detach", "Detached mode: run command in the background"),
                    OptionSpec.text("detach-keys", "Override the key sequence for detaching a container"),
                    OptionSpec.of(Kind.LIST, "list", 'e', "env", "Set environment variables"),
                    OptionSpec.of(Kind.LIST, "list", "env-file", "Read in a file of environment variables"),
                    OptionSpec.toggle('i', "interactive", "Keep STDIN open even if not attached"),
                    OptionSpec.toggle("privileged", "Give extended privileges to the command"),
                    OptionSpec.toggle('t', "tty", "Allocate a pseudo-TTY"),
                    OptionSpec.text('u', "user", "Username or UID (format: \"<name|uid>[:<group|gid>]\")"),
                    OptionSpec.text('w', "workdir", "Working directory inside the container")),
            Completes.NOTHING,
            ExecCommand::run);

    private static final int CANNOT_RUN = 126;
    private static final int PIPE_COLUMNS = 80;

    private ExecCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        Options options = invocation.options();
        var request = new ContainerExec.Request(
                invocation.arguments().subList(1, invocation.arguments().size()),
                new EnvironmentArguments(invocation, "", 1).over(List.of()),
                options.nonEmpty("user"),
                options.nonEmpty("workdir"),
                options.on("privileged"));
        try {
            Container container = invocation
                    .services()
                    .containers()
                    .containers()
                    .get(invocation.arguments().getFirst());
            ContainerExec exec = ContainerCommands.runtime(invocation).exec();
            if (options.on("detach")) {
                exec.detached(container, request);
                return Outcome.DONE;
            }
            return new Outcome.Done(attached(exec, container, request, invocation));
        } catch (ContainerException e) {
            throw failure(e, options.on("detach"));
        }
    }

    /** What the runtime says comes over the command's own streams, but for a detached one. */
    private static CommandException failure(ContainerException e, boolean detached) {
        return e.kind() == ContainerException.Kind.NOT_STARTED && !detached
                ? new CommandException(e.getMessage(), e.exitCode() > CANNOT_RUN ? e.exitCode() : CANNOT_RUN)
                : new CommandException(ContainerCommands.DAEMON + e.getMessage(), 1);
    }

    private static int attached(
            ContainerExec exec, Container container, ContainerExec.Request request, Invocation invocation)
            throws CommandException, IOException {
        CommandContext context = invocation.context();
        boolean input = invocation.options().on("interactive");
        boolean tty = invocation.options().on("tty");
        Optional<CellOutput> display = context.display();
        if (tty && input && display.isEmpty()) {
            throw new CommandException("the input device is not a TTY", 1);
        }
        if (tty && exec.hasTerminal() && display.isPresent() && display.get().lendTerminal()) {
            try {
                return exec.onTerminal(container, request, context.cancellation());
            } finally {
                display.get().takeTerminalBack();
            }
        }
        boolean hasTerminal = tty && exec.terminalProgram().isPresent();
        try (var streams = UserStreams.open(context, input, hasTerminal)) {
            streams.begin();
            if (!hasTerminal) {
                return exec.run(container, request, streams.io(), context.cancellation());
            }
            int columns = display.map(CellOutput::columns).orElse(PIPE_COLUMNS);
            var size = new ContainerExec.TerminalSize(AttachedContainer.NOTEBOOK_ROWS, columns);
            return exec.onPseudoTerminal(container, request, size, streams.io(), context.cancellation());
        }
    }
}
