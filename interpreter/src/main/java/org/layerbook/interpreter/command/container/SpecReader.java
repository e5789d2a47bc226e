package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.layerbook.engine.container.ContainerMount;
import org.layerbook.engine.container.ContainerSpec;
import org.layerbook.engine.container.HostOptions;
import org.layerbook.engine.container.HostOptions.Resources;
import org.layerbook.engine.container.HostOptions.RestartPolicy;
import org.layerbook.engine.container.HostOptions.Rights;
import org.layerbook.engine.container.NetworkMode;
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
        config = config.withEnv(environment(config.env())).withLabels(labels(config.labels()));
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

    private List<String> environment(List<String> ofImage) throws CommandException, IOException {
        var all = new LinkedHashMap<String, String>();
        ofImage.forEach(entry -> all.put(name(entry), entry));
        for (String file : options.list("env-file")) {
            for (String line : lines(file)) {
                add(all, line);
            }
        }
        for (String entry : options.list("env")) {
            if (entry.isEmpty() || entry.startsWith("=")) {
                throw invalid("env", entry, "invalid environment variable: " + entry);
            }
            add(all, entry);
        }
        return List.copyOf(all.values());
    }

    /** A name alone stands for the user's own value; without one it is taken out. */
    private void add(Map<String, String> all, String entry) {
        if (entry.contains("=")) {
            all.put(name(entry), entry);
            return;
        }
        Optional.ofNullable(invocation.context().environment().get(entry))
                .ifPresentOrElse(value -> all.put(entry, entry + "=" + value), () -> all.remove(entry));
    }

    private static String name(String entry) {
        int equals = entry.indexOf('=');
        return equals < 0 ? entry : entry.substring(0, equals);
    }

    private List<String> lines(String file) throws CommandException, IOException {
        Path path = invocation.context().resolve(file);
        if (!Files.exists(path)) {
            throw new CommandException("docker: open " + file + ": no such file or directory", NOT_RUN);
        }
        var lines = new ArrayList<String>();
        for (String line : Files.readString(path, StandardCharsets.UTF_8).split("\r?\n")) {
            String text = line.stripLeading();
            if (!text.isEmpty() && !text.startsWith("#")) {
                String name = name(text);
                if (name.chars().anyMatch(Character::isWhitespace)) {
                    throw new CommandException(
                            "docker: invalid env file (" + file + "): variable '" + name + "' contains whitespaces",
                            NOT_RUN);
                }
                lines.add(text);
            }
        }
        return lines;
    }

    private Map<String, String> labels(Map<String, String> ofImage) throws CommandException, IOException {
        var all = new LinkedHashMap<>(ofImage);
        var given = new ArrayList<String>();
        for (String file : options.list("label-file")) {
            given.addAll(lines(file));
        }
        given.addAll(options.list("label"));
        for (String label : given) {
            int equals = label.indexOf('=');
            all.put(name(label), equals < 0 ? "" : label.substring(equals + 1));
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
        String text = options.nonEmpty("restart").orElse("no");
        int colon = text.indexOf(':');
        String word = colon < 0 ? text : text.substring(0, colon);
        int most = 0;
        if (colon >= 0) {
            try {
                most = Integer.parseInt(text.substring(colon + 1));
            } catch (NumberFormatException e) {
                throw new CommandException(
                        "docker: invalid restart policy format: maximum retry count must be an integer", NOT_RUN);
            }
        }
        for (RestartPolicy.When when : RestartPolicy.When.values()) {
            if (when.text().equals(word)) {
                if (options.on("rm") && when != RestartPolicy.When.NO) {
                    throw new CommandException(
                            "docker: conflicting options: cannot specify both --restart and --rm", NOT_RUN);
                }
                if (most > 0 && when != RestartPolicy.When.ON_FAILURE) {
                    throw new CommandException(
                            "docker: Error response from daemon: invalid restart policy: maximum retry count can only be used with 'on-failure'",
                            NOT_RUN);
                }
                return new RestartPolicy(when, most);
            }
        }
        throw new CommandException(
                "docker: Error response from daemon: invalid restart policy: unknown policy '" + word
                        + "'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'",
                NOT_RUN);
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
