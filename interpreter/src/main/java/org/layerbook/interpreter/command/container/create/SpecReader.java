package org.layerbook.interpreter.command.container.create;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.container.state.ContainerSpec;
import org.layerbook.engine.container.state.HostOptions;
import org.layerbook.engine.container.state.HostOptions.Resources;
import org.layerbook.engine.container.state.HostOptions.RestartPolicy;
import org.layerbook.engine.container.state.HostOptions.Rights;
import org.layerbook.engine.container.state.NetworkMode;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.sandbox.ProcessSpec;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.option.Ulimits;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;

/** What {@code docker run} and {@code docker create} ask for, as a {@link ContainerSpec}. */
final class SpecReader {
    /** What the client ends with when nothing was started. */
    static final int NOT_RUN = 125;

    private static final long NANOS = 1_000_000_000;

    private final Invocation invocation;
    private final Options options;
    private final Image image;

    SpecReader(Invocation invocation, Image image) {
        this.invocation = invocation;
        this.options = invocation.options();
        this.image = image;
    }

    /** @param attached whether the command follows what the container prints */
    ContainerSpec read(boolean attached) throws CommandException, IOException {
        ContainerConfig config = config();
        List<ContainerMount> mounts = new MountArguments(invocation).read(config.volumes());
        config = config.withVolumes(volumes(config.volumes(), mounts));
        return new ContainerSpec(
                invocation.now(),
                invocation.arguments().getFirst(),
                image.id(),
                image.chainId(),
                config,
                new ContainerSpec.Terminal(options.on("tty"), options.on("interactive"), attached),
                new HostOptions(
                        options.nonEmpty("hostname"),
                        network(),
                        options.list("network-alias"),
                        options.nonEmpty("ip"),
                        PortArguments.bindings(options.list("publish")),
                        options.on("publish-all"),
                        mounts,
                        restart(),
                        options.on("rm"),
                        rights(),
                        number("stop-timeout"),
                        options.on("init"),
                        extraHosts(),
                        options.list("dns"),
                        resources()));
    }

    /** Volumes without a name become a part of the config, and so of what is committed. */
    private static SortedSet<String> volumes(Collection<String> ofImage, List<ContainerMount> mounts) {
        var all = new TreeSet<>(ofImage);
        mounts.stream()
                .filter(mount -> mount instanceof ContainerMount.Volume volume && volume.anonymous())
                .map(ContainerMount::target)
                .forEach(all::add);
        return all;
    }

    private ContainerConfig config() throws CommandException, IOException {
        ContainerConfig config = image.config().config();
        List<String> command =
                invocation.arguments().subList(1, invocation.arguments().size());
        if (options.given("entrypoint")) {
            String entrypoint = options.text("entrypoint").orElse("");
            config = config.withEntrypoint(entrypoint.isEmpty() ? Optional.empty() : Optional.of(List.of(entrypoint)))
                    .withCmd(command.isEmpty() ? Optional.empty() : Optional.of(command));
        } else if (!command.isEmpty()) {
            config = config.withCmd(Optional.of(command));
        }
        if (config.entrypoint().orElse(List.of()).isEmpty()
                && config.cmd().orElse(List.of()).isEmpty()) {
            throw new CommandException("docker: Error response from daemon: no command specified", NOT_RUN);
        }
        config = config.withEnv(environment().over(config.env())).withLabels(labels(config.labels()));
        if (options.given("user")) {
            config = config.withUser(options.text("user").orElse(""));
        }
        if (options.given("workdir")) {
            config = config.withWorkingDir(
                    workingDirectory(options.text("workdir").orElse("")));
        }
        if (options.given("stop-signal")) {
            config = config.withStopSignal(options.text("stop-signal"));
        }
        var ports = new TreeSet<>(config.exposedPorts());
        ports.addAll(PortArguments.exposed(options.list("expose"), options.list("publish")));
        return new HealthArguments(options).apply(config.withExposedPorts(ports));
    }

    private static String workingDirectory(String path) throws CommandException {
        if (!path.startsWith("/")) {
            throw new CommandException(
                    "docker: Error response from daemon: the working directory '" + path
                            + "' is invalid, it needs to be an absolute path",
                    NOT_RUN);
        }
        return path;
    }

    private EnvironmentArguments environment() {
        return new EnvironmentArguments(invocation, "docker: ", NOT_RUN);
    }

    private Map<String, String> labels(Map<String, String> ofImage) throws CommandException, IOException {
        var all = new LinkedHashMap<>(ofImage);
        var given = new ArrayList<String>();
        for (String file : options.list("label-file")) {
            given.addAll(environment().lines(file));
        }
        given.addAll(options.list("label"));
        for (String label : given) {
            int equals = label.indexOf('=');
            all.put(EnvironmentArguments.name(label), equals < 0 ? "" : label.substring(equals + 1));
        }
        return all;
    }

    private NetworkMode network() throws CommandException {
        List<String> given = options.list("network");
        if (given.isEmpty()) {
            return NetworkMode.DEFAULT;
        }
        String network = given.getFirst();
        return NetworkMode.parse(network.startsWith("name=") ? network.substring("name=".length()) : network);
    }

    private RestartPolicy restart() throws CommandException {
        RestartPolicy policy = RestartArgument.parse(options.nonEmpty("restart").orElse("no"), "docker: ", NOT_RUN);
        if (options.on("rm") && policy.when() != RestartPolicy.When.NO) {
            throw new CommandException("docker: conflicting options: cannot specify both --restart and --rm", NOT_RUN);
        }
        return policy;
    }

    private Rights rights() {
        return new Rights(
                options.on("privileged"),
                options.on("read-only"),
                capabilities("cap-add"),
                capabilities("cap-drop"),
                options.list("security-opt").stream()
                        .map(option ->
                                option.startsWith("no-new-privileges") ? "no-new-privileges" : option.replace(':', '='))
                        .toList(),
                options.list("group-add"),
                options.text("pid").orElse("").equals("host"),
                options.text("ipc").orElse("").equals("host"));
    }

    private List<String> capabilities(String option) {
        return options.list(option).stream()
                .map(name -> name.toUpperCase(Locale.ROOT))
                .map(name -> name.equals("ALL") || name.startsWith("CAP_") ? name : "CAP_" + name)
                .toList();
    }

    private Optional<Integer> number(String option) {
        return options.text(option).map(Integer::parseInt);
    }

    private List<ProcessSpec.Host> extraHosts() throws CommandException {
        var hosts = new ArrayList<ProcessSpec.Host>();
        for (String each : options.list("add-host")) {
            int colon = each.indexOf('=') >= 0 ? each.indexOf('=') : each.indexOf(':');
            if (colon <= 0 || colon == each.length() - 1) {
                throw invalid("add-host", each, "bad format for add-host: \"" + each + "\"");
            }
            hosts.add(new ProcessSpec.Host(each.substring(0, colon), each.substring(colon + 1)));
        }
        return hosts;
    }

    private Resources resources() throws CommandException {
        long cpus = 0;
        Optional<String> given = options.nonEmpty("cpus");
        if (given.isPresent()) {
            try {
                cpus = (long) (Double.parseDouble(given.get()) * NANOS);
            } catch (NumberFormatException e) {
                throw invalid("cpus", given.get(), "failed to parse " + given.get() + " as a rational number");
            }
        }
        return new Resources(
                bytes("memory"),
                bytes("memory-swap"),
                cpus,
                options.text("pids-limit").map(Long::parseLong).orElse(0L),
                new ProcessSpec.Limits(
                        bytes("shm-size"),
                        options.list("ulimit").stream().map(Ulimits::parse).toList()),
                Map.of());
    }

    private long bytes(String option) {
        return options.nonEmpty(option).map(Long::parseLong).orElse(0L);
    }

    static CommandException invalid(String option, String value, String why) {
        return new CommandException(
                "invalid argument \"" + value + "\" for \"--" + option + "\" flag: " + why
                        + "\n\nUsage:  docker run [OPTIONS] IMAGE [COMMAND] [ARG...]\n\nRun 'docker run --help' for more information",
                NOT_RUN);
    }
}
