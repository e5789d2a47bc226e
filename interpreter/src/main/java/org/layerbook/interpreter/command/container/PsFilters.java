package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.container.state.ContainerState;
import org.layerbook.engine.container.state.ContainerState.Health;
import org.layerbook.engine.container.state.HostOptions.PortBinding;
import org.layerbook.engine.container.state.NetworkMode;
import org.layerbook.engine.oci.Digest;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.Filters;
import org.layerbook.interpreter.command.spec.ImageArgument;

/** The filters of {@code docker ps}. */
final class PsFilters {
    private static final Set<String> NAMES = Set.of(
            "ancestor",
            "before",
            "exited",
            "expose",
            "health",
            "id",
            "is-task",
            "label",
            "name",
            "network",
            "publish",
            "since",
            "status",
            "volume");
    private static final Set<String> STATES =
            Set.of("created", "dead", "exited", "paused", "removing", "restarting", "running");
    private static final Set<String> HEALTHS = Set.of("healthy", "none", "starting", "unhealthy");

    private final Filters filters;
    private final List<Digest> ancestors = new ArrayList<>();
    private final List<Container> before = new ArrayList<>();
    private final List<Container> since = new ArrayList<>();

    PsFilters(Invocation invocation, List<Container> all) throws CommandException, IOException {
        filters = Filters.of(invocation.options().list("filter"), NAMES);
        for (String value : filters.values("status")) {
            check(STATES.contains(value), "invalid filter 'status=" + value + "'");
        }
        for (String value : filters.values("health")) {
            check(HEALTHS.contains(value), "Unrecognised filter value for health: " + value);
        }
        for (String value : filters.values("exited")) {
            check(value.matches("[+-]?\\d{1,9}"), "strconv.Atoi: parsing \"" + value + "\": invalid syntax");
        }
        for (String name : List.of("publish", "expose")) {
            for (String value : filters.values(name)) {
                PortRange.parse(value, name);
            }
        }
        check(
                filters.values("is-task").stream().allMatch(value -> value.matches("true|false|1|0")),
                "invalid filter 'is-task=" + filters.values("is-task") + "'");
        for (String value : filters.values("before")) {
            before.add(find(value, all));
        }
        for (String value : filters.values("since")) {
            since.add(find(value, all));
        }
        for (String value : filters.values("ancestor")) {
            try {
                ancestors.add(ImageArgument.resolve(value, invocation).id());
            } catch (CommandException e) {
                // No image of that name: no container comes from it.
            }
        }
    }

    private static void check(boolean holds, String otherwise) throws CommandException {
        if (!holds) {
            throw new CommandException(ContainerCommands.DAEMON + otherwise, 1);
        }
    }

    private static Container find(String text, List<Container> all) throws CommandException {
        String name = text.startsWith("/") ? text.substring(1) : text;
        return all.stream()
                .filter(container ->
                        container.name().equals(name) || container.id().startsWith(text))
                .findFirst()
                .orElseThrow(() -> new CommandException(ContainerCommands.DAEMON + "no such container " + text, 1));
    }

    /** Whether containers that do not run are asked for. */
    boolean asksForState() {
        return !filters.values("status").isEmpty();
    }

    boolean takes(Container container) {
        return any("id", value -> matches(value, container.id()))
                && any("name", value -> matches(value, container.name()) || matches(value, "/" + container.name()))
                && any("status", container.state().status()::equals)
                && any("health", value -> value.equals(health(container.state())))
                && any(
                        "exited",
                        value -> container.state() instanceof ContainerState.Exited exited
                                && exited.exitCode() == Integer.parseInt(value))
                && (filters.values("ancestor").isEmpty()
                        || ancestors.contains(container.spec().image()))
                && any("network", value -> network(container).equals(value))
                && any("volume", value -> mounts(container).anyMatch(value::equals))
                && any("is-task", value -> value.equals("false") || value.equals("0"))
                && any(
                        "publish",
                        value -> PublishedPorts.of(container).stream()
                                .anyMatch(port -> PortRange.of(value)
                                        .contains(
                                                port.hostPort().orElse(0),
                                                port.protocol().toString())))
                && any("expose", value -> exposes(container, PortRange.of(value)))
                && before.stream()
                        .allMatch(other ->
                                container.spec().created().isBefore(other.spec().created()))
                && since.stream()
                        .allMatch(other ->
                                container.spec().created().isAfter(other.spec().created()))
                && filters.matchesLabels(container.spec().config().labels());
    }

    private boolean any(String name, Predicate<String> matches) {
        return filters.values(name).isEmpty() || filters.values(name).stream().anyMatch(matches);
    }

    private static boolean matches(String pattern, String text) {
        try {
            return pattern.equals(text)
                    || Pattern.compile(pattern).matcher(text).find();
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    private static String health(ContainerState state) {
        return state instanceof ContainerState.Running running
                ? running.health().map(Health::text).orElse("none")
                : "none";
    }

    static String network(Container container) {
        return container.spec().host().network() instanceof NetworkMode.Default
                ? "bridge"
                : container.spec().host().network().text();
    }

    private static Stream<String> mounts(Container container) {
        return container.spec().host().mounts().stream()
                .flatMap(mount -> Stream.of(
                        mount.target(),
                        switch (mount) {
                            case ContainerMount.Bind bind -> bind.source().toString();
                            case ContainerMount.Volume volume -> volume.name();
                            case ContainerMount.Tmpfs _ -> mount.target();
                        }));
    }

    private static boolean exposes(Container container, PortRange range) {
        return container.spec().config().exposedPorts().stream()
                        .map(PortRange::of)
                        .anyMatch(port -> range.contains(port.first(), port.protocol()))
                || container.spec().host().ports().stream()
                        .anyMatch((PortBinding port) -> range.contains(
                                port.containerPort(), port.protocol().toString()));
    }

    /** {@code 80}, {@code 80-90/udp}. */
    private record PortRange(int first, int last, String protocol) {
        static PortRange parse(String text, String filter) throws CommandException {
            for (String number : text.replaceFirst("/.*", "").split("-", 2)) {
                check(
                        number.matches("\\d{1,5}"),
                        "error while looking up for " + filter + " " + text + ": strconv.ParseUint: parsing \"" + number
                                + "\": invalid syntax");
            }
            return of(text);
        }

        static PortRange of(String text) {
            int slash = text.indexOf('/');
            String[] numbers = (slash < 0 ? text : text.substring(0, slash)).split("-", 2);
            return new PortRange(
                    Integer.parseInt(numbers[0]),
                    Integer.parseInt(numbers[numbers.length - 1]),
                    slash < 0 ? "tcp" : text.substring(slash + 1));
        }

        boolean contains(int port, String ofProtocol) {
            return port >= first && port <= last && protocol.equals(ofProtocol);
        }
    }
}
