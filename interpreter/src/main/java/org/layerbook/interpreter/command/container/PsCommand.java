package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerMount;
import org.layerbook.engine.golang.GoText;
import org.layerbook.engine.image.Images.Resolution;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.report.ContainersReport;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.ContainerStatus;
import org.layerbook.interpreter.view.layout.DockerUnits;
import org.layerbook.interpreter.view.layout.SafeText;

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
                            "Show n last created containers (includes all states) (default -1)"),
                    OptionSpec.toggle('l', "latest", "Show the latest created container (includes all states)"),
                    OptionSpec.toggle("no-trunc", "Don't truncate output"),
                    OptionSpec.toggle('q', "quiet", "Only display container IDs"),
                    OptionSpec.toggle('s', "size", "Display total file sizes")),
            Completes.NOTHING,
            invocation -> new PsCommand(invocation).run());

    private static final Map<String, String> HEADINGS = Map.ofEntries(
            Map.entry("Command", "COMMAND"),
            Map.entry("CreatedAt", "CREATED AT"),
            Map.entry("ID", "CONTAINER ID"),
            Map.entry("Image", "IMAGE"),
            Map.entry("Labels", "LABELS"),
            Map.entry("LocalVolumes", "LOCAL VOLUMES"),
            Map.entry("Mounts", "MOUNTS"),
            Map.entry("Names", "NAMES"),
            Map.entry("Networks", "NETWORKS"),
            Map.entry("Platform", "PLATFORM"),
            Map.entry("Ports", "PORTS"),
            Map.entry("RunningFor", "CREATED"),
            Map.entry("Size", "SIZE"),
            Map.entry("State", "STATE"),
            Map.entry("Status", "STATUS"));
    /** The template behind the word {@code raw}. */
    private static final String RAW = """
            container_id: {{.ID}}
            image: {{.Image}}
            command: {{.Command}}
            created_at: {{.CreatedAt}}
            state: {{- pad .State 1 0}}
            status: {{- pad .Status 1 0}}
            names: {{.Names}}
            labels: {{- pad .Labels 1 0}}
            ports: {{- pad .Ports 1 0}}
            """;

    private static final int COMMAND_COLUMNS = 20;
    private static final int MOUNT_COLUMNS = 15;

    private final Invocation invocation;
    private final boolean full;
    private final boolean sizes;

    private PsCommand(Invocation invocation) {
        this.invocation = invocation;
        this.full = invocation.options().on("no-trunc");
        this.sizes = invocation.options().on("size")
                || invocation
                        .options()
                        .nonEmpty("format")
                        .filter(format -> format.contains(".Size"))
                        .isPresent();
    }

    private Outcome run() throws CommandException, IOException {
        List<Container> selected = select();
        Optional<String> given = invocation.options().nonEmpty("format");
        if (invocation.options().on("quiet")) {
            if (given.isPresent()) {
                invocation
                        .context()
                        .printError("WARNING: Ignoring custom format, because both --format and --quiet are set.\n");
            }
            invocation
                    .context()
                    .print(selected.stream()
                            .map(container -> id(container) + "\n")
                            .collect(Collectors.joining()));
            return Outcome.DONE;
        }
        Optional<OutputFormat> format = OutputFormat.of(given, RAW);
        if (format.isEmpty()) {
            var lines = new ArrayList<ContainersReport.Line>();
            for (Container container : selected) {
                lines.add(line(container));
            }
            return new Outcome.Show(new ContainersReport(lines));
        }
        var rows = new ArrayList<GoStruct>();
        for (Container container : selected) {
            rows.add(row(container));
        }
        try {
            invocation.context().print(format.get().rows(HEADINGS, rows));
        } catch (CommandException e) {
            throw new CommandException(
                    e.getMessage()
                            .replaceFirst(
                                    "^template parsing error",
                                    e.getMessage().contains(": executing ")
                                            ? "failed to execute template"
                                            : "failed to parse template"),
                    e.exitStatus());
        }
        return Outcome.DONE;
    }

    private List<Container> select() throws CommandException, IOException {
        var options = invocation.options();
        int last = options.on("latest")
                ? 1
                : options.text("last").map(Integer::parseInt).orElse(-1);
        List<Container> all = invocation.services().containers().containers().list();
        var filters = new PsFilters(invocation, all);
        boolean stopped = options.on("all") || last > 0 || filters.asksForState();
        List<Container> found = all.stream()
                .filter(container -> stopped || container.state().isRunning())
                .filter(filters::takes)
                .toList();
        return last > 0 && found.size() > last ? found.subList(0, last) : found;
    }

    private String id(Container container) {
        return full ? container.id() : container.shortId();
    }

    private ContainersReport.Line line(Container container) throws IOException {
        return new ContainersReport.Line(
                id(container),
                image(container),
                command(container),
                container.spec().created(),
                container.state(),
                PublishedPorts.text(container),
                container.name(),
                sizes ? Optional.of(size(container)) : Optional.empty());
    }

    private GoStruct row(Container container) throws IOException {
        return GoStruct.context("*formatter.ContainerContext")
                .field("Command", command(container))
                .field(
                        "CreatedAt",
                        DockerUnits.goTime(
                                container.spec().created().truncatedTo(ChronoUnit.SECONDS), invocation.zone()))
                .field("ID", id(container))
                .field("Image", image(container))
                .field("Labels", labels(container))
                .field("LocalVolumes", Long.toString(volumes(container)))
                .field("Mounts", mounts(container))
                .field("Names", container.name())
                .field("Networks", PsFilters.network(container))
                .field("Platform", null)
                .field("Ports", PublishedPorts.text(container))
                .field("RunningFor", DockerUnits.ago(container.spec().created(), invocation.now()))
                .field("Size", sizes ? size(container) : "0B")
                .field("State", container.state().status())
                .field("Status", ContainerStatus.text(container.state(), invocation.now()))
                .build();
    }

    private String size(Container container) throws IOException {
        long written = ContainerSizes.written(container, invocation);
        long whole = written + ContainerSizes.ofImage(container, invocation);
        return DockerUnits.size(written) + (whole > 0 ? " (virtual " + DockerUnits.size(whole) + ")" : "");
    }

    /** The name it was asked for, unless that stands for another image by now. */
    private String image(Container container) throws IOException {
        String name = container.spec().imageName();
        boolean stands = invocation.store().images().resolve(name) instanceof Resolution.Found found
                && found.id().equals(container.spec().image());
        if (stands && !container.spec().image().toString().contains(name)) {
            return name;
        }
        return full
                ? container.spec().image().toString()
                : container.spec().image().shortHex();
    }

    private String command(Container container) {
        var config = container.spec().config();
        var words = new ArrayList<>(config.entrypoint().orElse(List.of()));
        words.addAll(config.cmd().orElse(List.of()));
        var line = new StringBuilder(words.isEmpty() ? "" : words.getFirst());
        for (String word : words.subList(Math.min(1, words.size()), words.size())) {
            line.append(' ').append(word.contains(" ") ? "'" + word + "'" : word);
        }
        return GoText.quote(full ? line.toString() : SafeText.abbreviate(line.toString(), COMMAND_COLUMNS));
    }

    private static String labels(Container container) {
        return container.spec().config().labels().entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .sorted()
                .collect(Collectors.joining(","));
    }

    private static long volumes(Container container) {
        return container.spec().host().mounts().stream()
                .filter(ContainerMount.Volume.class::isInstance)
                .count();
    }

    private String mounts(Container container) {
        return container.spec().host().mounts().stream()
                .map(mount -> switch (mount) {
                    case ContainerMount.Volume volume -> volume.name();
                    case ContainerMount.Bind bind -> bind.source().toString();
                    case ContainerMount.Tmpfs _ -> "";
                })
                .filter(name -> !name.isEmpty())
                .map(name -> full ? name : SafeText.abbreviate(name, MOUNT_COLUMNS))
                .collect(Collectors.joining(","));
    }
}
