package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.layerbook.engine.container.ContainerRuntime;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;

/** Commands that do one thing to each container they are given and print its name. */
public final class ContainerCommands {
    public static final String DAEMON = "Error response from daemon: ";
    private static final String CONTAINERS = "[OPTIONS] CONTAINER [CONTAINER...]";

    private static final List<OptionSpec> STOPPING = List.of(
            OptionSpec.text('s', "signal", "Signal to send to the container"),
            OptionSpec.of(Kind.NUMBER, "int", 't', "timeout", "Seconds to wait before killing the container"),
            OptionSpec.of(Kind.NUMBER, "int", "time", "Seconds to wait before killing the container")
                    .hiddenFromHelp());

    public static final CommandSpec STOP = spec(
            "stop",
            CONTAINERS,
            "Stop one or more running containers",
            STOPPING,
            (container, invocation) -> runtime(invocation)
                    .stop(
                            container,
                            signal(invocation),
                            timeout(invocation),
                            invocation.context().cancellation()));

    public static final CommandSpec RESTART =
            spec("restart", CONTAINERS, "Restart one or more containers", STOPPING, (container, invocation) -> {
                ContainerRuntime runtime = runtime(invocation);
                runtime.stop(
                        container,
                        signal(invocation),
                        timeout(invocation),
                        invocation.context().cancellation());
                runtime.start(container);
                invocation.services().containers().containers().events().record(container, "restart");
            });

    public static final CommandSpec KILL = new CommandSpec(
            List.of(Spelling.of("container kill"), Spelling.of("kill")),
            CONTAINERS,
            "Kill one or more running containers",
            Arity.atLeast(1),
            List.of(OptionSpec.text('s', "signal", "Signal to send to the container")),
            Completes.NOTHING,
            invocation -> each(
                    invocation,
                    (container, call) ->
                            runtime(call).kill(container, signal(call).orElse("SIGKILL")),
                    (argument, problem) -> problem.getMessage().startsWith("Invalid signal")
                            ? problem.getMessage()
                            : "cannot kill container: " + argument + ": " + problem.getMessage()));

    public static final CommandSpec REMOVE = remove();

    public static final CommandSpec PAUSE = spec(
            "pause",
            "CONTAINER [CONTAINER...]",
            "Pause all processes within one or more containers",
            List.of(),
            (container, invocation) -> runtime(invocation).freezer().pause(container));

    public static final CommandSpec UNPAUSE = spec(
            "unpause",
            "CONTAINER [CONTAINER...]",
            "Unpause all processes within one or more containers",
            List.of(),
            (container, invocation) -> runtime(invocation).freezer().unpause(container));

    public static final CommandSpec RENAME = new CommandSpec(
            List.of(Spelling.of("container rename"), Spelling.of("rename")),
            "CONTAINER NEW_NAME",
            "Rename a container",
            Arity.exactly(2),
            List.of(),
            Completes.NOTHING,
            ContainerCommands::rename);

    public static final CommandSpec WAIT = new CommandSpec(
            List.of(Spelling.of("container wait"), Spelling.of("wait")),
            "CONTAINER [CONTAINER...]",
            "Block until one or more containers stop, then print their exit codes",
            Arity.atLeast(1),
            List.of(),
            Completes.NOTHING,
            ContainerCommands::await);

    private ContainerCommands() {}

    private static Outcome rename(Invocation invocation) throws CommandException, IOException {
        String old = invocation.arguments().getFirst();
        String name = invocation.arguments().get(1);
        if (old.isBlank() || name.isBlank()) {
            throw new CommandException("Error: Neither old nor new names may be empty", 1);
        }
        try {
            Containers containers = invocation.services().containers().containers();
            containers.rename(containers.get(old), name);
        } catch (ContainerException e) {
            throw new CommandException(DAEMON + e.getMessage() + "\nError: failed to rename container named " + old, 1);
        }
        return Outcome.DONE;
    }

    /** What is done to one container. */
    @FunctionalInterface
    private interface Action {
        void on(Container container, Invocation invocation) throws IOException;
    }

    static ContainerRuntime runtime(Invocation invocation) throws IOException {
        return invocation.services().containers().runtime();
    }

    private static Optional<String> signal(Invocation invocation) {
        return invocation.options().nonEmpty("signal");
    }

    private static Optional<Duration> timeout(Invocation invocation) {
        return invocation
                .options()
                .text("timeout")
                .or(() -> invocation.options().text("time"))
                .map(seconds -> Duration.ofSeconds(Long.parseLong(seconds)));
    }

    private static CommandSpec spec(
            String name, String usage, String summary, List<OptionSpec> options, Action action) {
        return new CommandSpec(
                List.of(Spelling.of("container " + name), Spelling.of(name)),
                usage,
                summary,
                Arity.atLeast(1),
                options,
                Completes.NOTHING,
                invocation -> each(invocation, action));
    }

    private static CommandSpec remove() {
        return new CommandSpec(
                List.of(Spelling.of("container rm", "remove"), Spelling.of("rm")),
                CONTAINERS,
                "Remove one or more containers",
                Arity.atLeast(1),
                List.of(
                        OptionSpec.toggle('f', "force", "Force the removal of a running container (uses SIGKILL)"),
                        OptionSpec.toggle('l', "link", "Remove the specified link"),
                        OptionSpec.toggle('v', "volumes", "Remove anonymous volumes associated with the container")),
                Completes.NOTHING,
                invocation -> each(invocation, ContainerCommands::remove));
    }

    private static void remove(Container container, Invocation invocation) throws IOException {
        ContainerRuntime runtime = runtime(invocation);
        boolean force = invocation.options().on("force");
        if (invocation.options().on("volumes")) {
            runtime.removeWithVolumes(container, force, invocation.context().cancellation());
        } else {
            runtime.remove(container, force, invocation.context().cancellation());
        }
    }

    private static Outcome each(Invocation invocation, Action action) throws CommandException, IOException {
        return each(invocation, action, (_, problem) -> problem.getMessage());
    }

    /**
     * Goes on where one fails, as docker does, and says at the end what did.
     *
     * @param sentence what is said of the container so named
     */
    private static Outcome each(
            Invocation invocation, Action action, BiFunction<String, ContainerException, String> sentence)
            throws CommandException, IOException {
        var problems = new ArrayList<String>();
        boolean force = invocation.options().on("force");
        for (String argument : invocation.arguments()) {
            try {
                action.on(invocation.services().containers().containers().get(argument), invocation);
                invocation.context().print(argument + "\n");
            } catch (ContainerException e) {
                if (!(force && e.kind() == ContainerException.Kind.MISSING)) {
                    problems.add(DAEMON + sentence.apply(argument, e));
                } else {
                    invocation.context().printError(DAEMON + e.getMessage() + "\n");
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new CommandException(String.join("\n", problems), 1);
        }
        return Outcome.DONE;
    }

    private static Outcome await(Invocation invocation) throws CommandException, IOException {
        var problems = new ArrayList<String>();
        for (String argument : invocation.arguments()) {
            try {
                Container container =
                        invocation.services().containers().containers().get(argument);
                Optional<Integer> code = runtime(invocation)
                        .await(container, invocation.context().cancellation());
                if (code.isEmpty()) {
                    return new Outcome.Done(130);
                }
                invocation.context().print(code.get() + "\n");
            } catch (ContainerException e) {
                problems.add(DAEMON + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new CommandException(String.join("\n", problems), 1);
        }
        return Outcome.DONE;
    }
}
