package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.HostOptions.Resources;
import org.layerbook.engine.container.state.HostOptions.RestartPolicy;
import org.layerbook.interpreter.command.container.create.RestartArgument;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;

/** {@code docker update}. */
public final class UpdateCommand {
    /** Of help; what has no effect here is accepted as {@code docker run} accepts it. */
    private static final List<OptionSpec> OPTIONS = List.of(
            OptionSpec.of(
                    Kind.NUMBER,
                    "uint16",
                    "blkio-weight",
                    "Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)"),
            OptionSpec.of(Kind.NUMBER, "int", "cpu-period", "Limit CPU CFS (Completely Fair Scheduler) period"),
            OptionSpec.of(Kind.NUMBER, "int", "cpu-quota", "Limit CPU CFS (Completely Fair Scheduler) quota"),
            OptionSpec.of(Kind.NUMBER, "int", "cpu-rt-period", "Limit the CPU real-time period in microseconds"),
            OptionSpec.of(Kind.NUMBER, "int", "cpu-rt-runtime", "Limit the CPU real-time runtime in microseconds"),
            OptionSpec.of(Kind.NUMBER, "int", 'c', "cpu-shares", "CPU shares (relative weight)"),
            OptionSpec.of(Kind.TEXT, "decimal", "cpus", "Number of CPUs"),
            OptionSpec.text("cpuset-cpus", "CPUs in which to allow execution (0-3, 0,1)"),
            OptionSpec.text("cpuset-mems", "MEMs in which to allow execution (0-3, 0,1)"),
            OptionSpec.of(Kind.BYTES, "bytes", 'm', "memory", "Memory limit"),
            OptionSpec.of(Kind.BYTES, "bytes", "memory-reservation", "Memory soft limit"),
            OptionSpec.of(
                    Kind.BYTES,
                    "bytes",
                    "memory-swap",
                    "Swap limit equal to memory plus swap: -1 to enable unlimited swap"),
            OptionSpec.of(Kind.NUMBER, "int", "pids-limit", "Tune container pids limit (set -1 for unlimited)"),
            OptionSpec.text("restart", "Restart policy to apply when a container exits"));

    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("container update"), Spelling.of("update")),
            "[OPTIONS] CONTAINER [CONTAINER...]",
            "Update configuration of one or more containers",
            Arity.atLeast(1),
            OPTIONS,
            Completes.NOTHING,
            UpdateCommand::run);

    private static final long LEAST_MEMORY = 6L << 20;
    private static final double NANOS = 1e9;

    private UpdateCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        Options options = invocation.options();
        if (OPTIONS.stream().noneMatch(option -> options.given(option.name()))) {
            throw new CommandException("you must provide one or more flags when using this command", 1);
        }
        Optional<String> restart = options.nonEmpty("restart");
        Optional<RestartPolicy> policy =
                restart.isPresent() ? Optional.of(RestartArgument.parse(restart.get(), "", 1)) : Optional.empty();
        long memory = bytes(options, "memory");
        if (memory > 0 && memory < LEAST_MEMORY) {
            throw new CommandException(ContainerCommands.DAEMON + "Minimum memory limit allowed is 6MB", 1);
        }
        var problems = new ArrayList<String>();
        for (String argument : invocation.arguments()) {
            try {
                Container container =
                        invocation.services().containers().containers().get(argument);
                var host = container.spec().host();
                check(container, host.restart(), policy);
                ContainerCommands.runtime(invocation)
                        .limits()
                        .update(container, changed(host.resources(), options), policy.orElse(host.restart()));
                invocation.context().print(argument + "\n");
            } catch (ContainerException e) {
                problems.add(ContainerCommands.DAEMON + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new CommandException(String.join("\n", problems), 1);
        }
        return Outcome.DONE;
    }

    private static void check(Container container, RestartPolicy before, Optional<RestartPolicy> policy)
            throws ContainerException {
        boolean restarts = policy.filter(p -> p.when() != RestartPolicy.When.NO).isPresent();
        if (container.spec().host().autoRemove() && restarts && !policy.equals(Optional.of(before))) {
            throw new ContainerException(
                    ContainerException.Kind.INVALID,
                    "Cannot update container " + container.id()
                            + ": Restart policy cannot be updated because AutoRemove is enabled for the container");
        }
    }

    private static Resources changed(Resources before, Options options) throws CommandException {
        long cpus = before.nanoCpus();
        Optional<String> given = options.nonEmpty("cpus");
        if (given.isPresent()) {
            try {
                cpus = (long) (Double.parseDouble(given.get()) * NANOS);
            } catch (NumberFormatException e) {
                throw new CommandException(
                        "invalid argument \"" + given.get() + "\" for \"--cpus\" flag: failed to parse " + given.get()
                                + " as a rational number\n\nUsage:  docker update [OPTIONS] CONTAINER [CONTAINER...]\n\n"
                                + "Run 'docker update --help' for more information",
                        125);
            }
        }
        return new Resources(
                options.given("memory") ? bytes(options, "memory") : before.memoryBytes(),
                options.given("memory-swap") ? bytes(options, "memory-swap") : before.memorySwapBytes(),
                cpus,
                options.text("pids-limit").map(Long::parseLong).orElse(before.pids()),
                before.process(),
                before.sysctls());
    }

    private static long bytes(Options options, String name) {
        return options.nonEmpty(name).map(Long::parseLong).orElse(0L);
    }
}
