package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerbook.engine.container.Container;
import org.layerbook.engine.container.ContainerState;
import org.layerbook.engine.container.HostOptions.PortBinding;
import org.layerbook.engine.golang.GoText;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Arity;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.Filters;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** {@code docker ps}. */
public final class PsCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("container ls", "list", "ps"), Spelling.of("ps")),
            "[OPTIONS]",
            "List containers",
            Arity.NONE,
            List.of(
                    OptionSpec.toggle('a', "all", "Show all containers (default shows just running)"),
                    OptionSpec.of(Kind.FILTER, "filter", 'f', "filter", "Filter output based on conditions provided"),
                    OutputFormat.option(),
                    OptionSpec.of(
                            Kind.NUMBER,
                            "int",
                            'n',
                            "last",
                            "Show n last created containers (includes all states)\n(default -1)"),
                    OptionSpec.toggle('l', "latest", "Show the latest created container (includes all states)"),
                    OptionSpec.toggle("no-trunc", "Don't truncate output"),
                    OptionSpec.toggle('q', "quiet", "Only display container IDs"),
                    OptionSpec.toggle('s', "size", "Display total file sizes")),
            Completes.NOTHING,
            PsCommand::run);

    private static final String TABLE =
            "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
    private static final Set<String> FILTERS = Set.of(
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
    private static final int COMMAND_COLUMNS = 20;

    private PsCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        var options = invocation.options();
        List<Container> selected = select(invocation);
        boolean full = options.on("no-trunc");
        if (options.on("quiet") && options.nonEmpty("format").isEmpty()) {
            var text = new StringBuilder();
            selected.forEach(container ->
                    text.append(full ? container.id() : container.shortId()).append('\n'));
            invocation.context().print(text.toString());
            return Outcome.DONE;
        }
        OutputFormat format = OutputFormat.of(options.nonEmpty("format"))
                .orElseGet(() -> OutputFormat.of(Optional.of(TABLE)).orElseThrow());
        var rows = selected.stream()
                .map(container -> row(container, full, invocation))
                .toList();
        invocation.context().print(format.rows(headings(), rows));
        return Outcome.DONE;
    }

    private static List<Container> select(Invocation invocation) throws CommandException, IOException {
        var options = invocation.options();
        Filters filters = Filters.of(options.list("filter"), FILTERS);
        int last = options.on("latest")
                ? 1
                : options.text("last").map(Integer::parseInt).orElse(-1);
        boolean all = options.on("all")
                || last > 0
                || !filters.values("status").isEmpty()
                || !filters.values("exited").isEmpty();
        var found = new ArrayList<Container>();
        for (Container container :
                invocation.services().containers().containers().list()) {
            if ((all || container.state().isRunning()) && matches(container, filters)) {
                found.add(container);
            }
        }
        return last > 0 && found.size() > last ? found.subList(0, last) : found;
    }

    private static boolean matches(Container container, Filters filters) {
        return any(filters, "id", container.id()::startsWith)
                && any(
                        filters,
                        "name",
                        value -> java.util.regex.Pattern.compile(value)
                                .matcher(container.name())
                                .find())
                && any(filters, "status", container.state().status()::equals)
                && any(
                        filters,
                        "exited",
                        value -> container.state() instanceof ContainerState.Exited exited
                                && Integer.toString(exited.exitCode()).equals(value))
                && any(
                        filters,
                        "ancestor",
                        value -> container.spec().imageName().equals(value)
                                || container.spec().imageName().equals(value + ":latest")
                                || container.spec().image().toString().contains(value))
                && any(filters, "network", container.spec().host().network().text()::equals)
                && filters.matchesLabels(container.spec().config().labels());
    }

    private static boolean any(Filters filters, String name, java.util.function.Predicate<String> matches) {
        return filters.values(name).isEmpty() || filters.values(name).stream().anyMatch(matches);
    }

    private static Map<String, String> headings() {
        var headings = new LinkedHashMap<String, String>();
        headings.put("ID", "CONTAINER ID");
        headings.put("Image", "IMAGE");
        headings.put("Command", "COMMAND");
        headings.put("CreatedAt", "CREATED AT");
        headings.put("RunningFor", "CREATED");
        headings.put("Status", "STATUS");
        headings.put("State", "STATE");
        headings.put("Ports", "PORTS");
        headings.put("Names", "NAMES");
        headings.put("Labels", "LABELS");
        headings.put("Networks", "NETWORKS");
        headings.put("Mounts", "MOUNTS");
        headings.put("Size", "SIZE");
        headings.put("LocalVolumes", "LOCAL VOLUMES");
        headings.put("Platform", "PLATFORM");
        return headings;
    }

    private static GoStruct row(Container container, boolean full, Invocation invocation) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("Command", command(container, full));
        fields.put(
                "CreatedAt",
                DockerUnits.goTime(
                        container.spec().created().truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                        invocation.zone()));
        fields.put("ID", full ? container.id() : container.shortId());
        fields.put("Image", container.spec().imageName());
        fields.put(
                "Labels",
                container.spec().config().labels().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .collect(Collectors.joining(",")));
        fields.put("LocalVolumes", "0");
        fields.put("Mounts", "");
        fields.put("Names", container.name());
        fields.put("Networks", container.spec().host().network().text().replace("default", "bridge"));
        fields.put("Ports", ports(container));
        fields.put("RunningFor", DockerUnits.ago(container.spec().created(), invocation.now()));
        fields.put("Size", "0B");
        fields.put("State", container.state().status());
        fields.put("Status", status(container.state(), invocation.now()));
        GoStruct.Builder row = GoStruct.context("*formatter.ContainerContext");
        fields.forEach(row::field);
        return row.build();
    }

    private static String command(Container container, boolean full) {
        var config = container.spec().config();
        var words = new ArrayList<>(config.entrypoint().orElse(List.of()));
        words.addAll(config.cmd().orElse(List.of()));
        String line = String.join(" ", words);
        if (!full && line.length() > COMMAND_COLUMNS) {
            line = line.substring(0, COMMAND_COLUMNS - 1) + "…";
        }
        return GoText.quote(line);
    }

    /** As docker says what a container is doing. */
    static String status(ContainerState state, Instant now) {
        return switch (state) {
            case ContainerState.Created _ -> "Created";
            case ContainerState.Running running -> {
                String health = running.health()
                        .map(h -> h == ContainerState.Health.STARTING ? " (health: starting)" : " (" + h.text() + ")")
                        .orElse("");
                yield "Up " + DockerUnits.duration(Duration.between(running.started(), now))
                        + (running.paused() ? " (Paused)" : health);
            }
            case ContainerState.Restarting restarting ->
                "Restarting (" + restarting.exitCode() + ") " + DockerUnits.ago(restarting.finished(), now);
            case ContainerState.Exited exited ->
                "Exited (" + exited.exitCode() + ") " + DockerUnits.ago(exited.finished(), now);
        };
    }

    private static String ports(Container container) {
        if (!container.state().isRunning()) {
            return "";
        }
        var shown = new ArrayList<String>();
        for (PortBinding port : container.spec().host().ports()) {
            String address = port.hostAddress().isEmpty() ? "127.0.0.1" : port.hostAddress();
            port.hostPort()
                    .ifPresent(host ->
                            shown.add(address + ":" + host + "->" + port.containerPort() + "/" + port.protocol()));
        }
        for (String exposed : container.spec().config().exposedPorts()) {
            if (container.spec().host().ports().stream()
                    .noneMatch(port -> exposed.equals(port.containerPort() + "/" + port.protocol()))) {
                shown.add(exposed);
            }
        }
        return String.join(", ", shown);
    }
}
