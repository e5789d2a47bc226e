package org.layerbook.interpreter.command.volume;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.layerbook.engine.container.Volume;
import org.layerbook.engine.container.Volumes;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.Confirmation;
import org.layerbook.interpreter.command.spec.ObjectFormat;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.template.GoJsonText;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.template.GoTemplate;
import org.layerbook.interpreter.template.TemplateException;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** {@code docker volume}. */
public final class VolumeCommands {
    private static final String DAEMON = "Error response from daemon: ";

    public static final CommandSpec CREATE = new CommandSpec(
            List.of(Spelling.of("volume create")),
            "[OPTIONS] [VOLUME]",
            "Create a volume",
            Arity.atMost(1),
            List.of(
                    OptionSpec.text(
                            "availability",
                            "Cluster Volume availability (\"active\", \"pause\", \"drain\") (default \"active\")"),
                    OptionSpec.text('d', "driver", "Specify volume driver name (default \"local\")"),
                    OptionSpec.text("group", "Cluster Volume group (cluster volumes)"),
                    OptionSpec.of(Kind.LIST, "list", "label", "Set metadata for a volume"),
                    OptionSpec.of(Kind.BYTES, "bytes", "limit-bytes", "Minimum size of the Cluster Volume in bytes"),
                    OptionSpec.text("name", "Specify volume name").hiddenFromHelp(),
                    OptionSpec.of(Kind.LIST, "map", 'o', "opt", "Set driver specific options (default map[])"),
                    OptionSpec.of(Kind.BYTES, "bytes", "required-bytes", "Maximum size of the Cluster Volume in bytes"),
                    OptionSpec.text(
                            "scope", "Cluster Volume access scope (\"single\", \"multi\") (default \"single\")"),
                    OptionSpec.of(Kind.LIST, "map", "secret", "Cluster Volume secrets (default map[])"),
                    OptionSpec.text(
                            "sharing",
                            "Cluster Volume access sharing (\"none\", \"readonly\", \"onewriter\", \"all\") (default \"none\")"),
                    OptionSpec.of(
                            Kind.LIST,
                            "list",
                            "topology-preferred",
                            "A topology that the Cluster Volume would be preferred in"),
                    OptionSpec.of(
                            Kind.LIST,
                            "list",
                            "topology-required",
                            "A topology that the Cluster Volume must be accessible from"),
                    OptionSpec.text("type", "Cluster Volume access type (\"mount\", \"block\") (default \"block\")")),
            Completes.NOTHING,
            VolumeCommands::create);

    public static final CommandSpec LIST = new CommandSpec(
            List.of(Spelling.of("volume ls", "list")),
            "[OPTIONS]",
            "List volumes",
            Arity.NONE,
            List.of(
                    OptionSpec.toggle(
                            "cluster", "Display only cluster volumes, and use cluster volume list formatting"),
                    OptionSpec.of(
                            Kind.FILTER, "filter", 'f', "filter", "Provide filter values (e.g. \"dangling=true\")"),
                    OutputFormat.option(),
                    OptionSpec.toggle('q', "quiet", "Only display volume names")),
            Completes.NOTHING,
            VolumeList::run);

    public static final CommandSpec INSPECT = new CommandSpec(
            List.of(Spelling.of("volume inspect")),
            "[OPTIONS] VOLUME [VOLUME...]",
            "Display detailed information on one or more volumes",
            Arity.atLeast(1),
            List.of(OutputFormat.objectOption('f')),
            Completes.NOTHING,
            VolumeCommands::inspect);

    public static final CommandSpec REMOVE = new CommandSpec(
            List.of(Spelling.of("volume rm", "remove").listedAs("Remove one or more volumes")),
            "[OPTIONS] VOLUME [VOLUME...]",
            "Remove one or more volumes. You cannot remove a volume that is in use by a container.",
            Arity.atLeast(1),
            List.of(OptionSpec.toggle('f', "force", "Force the removal of one or more volumes")),
            Completes.NOTHING,
            VolumeCommands::remove);

    public static final CommandSpec PRUNE = new CommandSpec(
            List.of(Spelling.of("volume prune")),
            "[OPTIONS]",
            "Remove unused local volumes",
            Arity.NONE,
            List.of(
                    OptionSpec.toggle('a', "all", "Remove all unused volumes, not just anonymous ones"),
                    OptionSpec.of(Kind.FILTER, "filter", "filter", "Provide filter values (e.g. \"label=<label>\")"),
                    OptionSpec.toggle('f', "force", "Do not prompt for confirmation")),
            Completes.NOTHING,
            VolumeCommands::prune);

    private VolumeCommands() {}

    private static Volumes volumes(Invocation invocation) {
        return invocation.services().containers().volumes();
    }

    private static Outcome create(Invocation invocation) throws CommandException, IOException {
        var options = invocation.options();
        String driver = options.nonEmpty("driver").orElse("local");
        String given =
                invocation.arguments().isEmpty() ? "" : invocation.arguments().getFirst();
        String name = options.nonEmpty("name").orElse(given);
        if (options.nonEmpty("name").isPresent() && !given.isEmpty()) {
            throw new CommandException(
                    "conflicting options: cannot specify a volume name through both --name and as a positional arg", 1);
        }
        if (!driver.equals("local")) {
            throw new CommandException(
                    DAEMON + "create " + name + ": error looking up volume plugin " + driver + ": plugin \"" + driver
                            + "\" not found",
                    1);
        }
        Map<String, String> driverOptions = pairs(options.list("opt"));
        if (!driverOptions.isEmpty()) {
            throw new CommandException(
                    DAEMON + "create " + name
                            + ": options of the driver local mount other file systems, which Layerbook"
                            + " does not do: mount them, and use the folder with -v",
                    1);
        }
        Map<String, String> labels = new LinkedHashMap<>(pairs(options.list("label")));
        try {
            Volume volume = name.isEmpty()
                    ? volumes(invocation).createAnonymous(labels)
                    : volumes(invocation).create(name, labels, driverOptions);
            invocation.context().print(volume.name() + "\n");
            return Outcome.DONE;
        } catch (ContainerException e) {
            throw new CommandException(DAEMON + e.getMessage(), 1);
        }
    }

    private static Map<String, String> pairs(List<String> given) {
        var pairs = new LinkedHashMap<String, String>();
        for (String each : given) {
            int equals = each.indexOf('=');
            pairs.put(equals < 0 ? each : each.substring(0, equals), equals < 0 ? "" : each.substring(equals + 1));
        }
        return pairs;
    }

    private static Outcome inspect(Invocation invocation) throws CommandException, IOException {
        var found = new ArrayList<GoStruct>();
        var problems = new ArrayList<String>();
        for (String name : invocation.arguments()) {
            try {
                found.add(document(volumes(invocation).get(name), invocation));
            } catch (ContainerException e) {
                problems.add(DAEMON + e.getMessage());
            }
        }
        String format = invocation.options().nonEmpty("format").orElse("");
        if (format.isEmpty()) {
            invocation.context().print(GoJsonText.indented(found, "    ", false) + "\n");
        } else if (format.equals("json")) {
            invocation.context().print(GoJsonText.compact(found, false) + "\n");
        } else {
            printEach(format, found, invocation);
        }
        if (!problems.isEmpty()) {
            throw new CommandException(String.join("\n", problems), 1);
        }
        return Outcome.DONE;
    }

    private static void printEach(String format, List<GoStruct> found, Invocation invocation)
            throws CommandException, IOException {
        try {
            GoTemplate template = GoTemplate.parse(format);
            var text = new StringBuilder();
            for (GoStruct each : found) {
                text.append(template.execute(each)).append('\n');
            }
            invocation.context().print(found.isEmpty() ? "\n" : text.toString());
        } catch (TemplateException e) {
            throw new CommandException("template parsing error: " + e.getMessage(), ObjectFormat.MALFORMED_TEMPLATE);
        }
    }

    /** As docker inspects a volume. */
    public static GoStruct document(Volume volume, Invocation invocation) {
        return GoStruct.named("volume.Volume")
                .field("CreatedAt", DockerUnits.rfc3339(volume.created(), invocation.zone()))
                .field("Driver", "local")
                .field("Labels", volume.labels().isEmpty() ? null : new TreeMap<>(volume.labels()))
                .field("Mountpoint", volume.data().toString())
                .field("Name", volume.name())
                .field("Options", volume.options().isEmpty() ? null : new TreeMap<>(volume.options()))
                .field("Scope", "local")
                .build();
    }

    private static Outcome remove(Invocation invocation) throws CommandException, IOException {
        var problems = new ArrayList<String>();
        for (String name : invocation.arguments()) {
            try {
                volumes(invocation).remove(name);
                invocation.context().print(name + "\n");
            } catch (ContainerException e) {
                boolean missing = e.kind() == ContainerException.Kind.MISSING;
                if (missing && invocation.options().on("force")) {
                    invocation.context().print(name + "\n");
                } else {
                    problems.add(DAEMON + e.getMessage());
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new CommandException(String.join("\n", problems), 1);
        }
        return Outcome.DONE;
    }

    private static Outcome prune(Invocation invocation) throws CommandException, IOException {
        boolean all = invocation.options().on("all");
        String warning = all
                ? "WARNING! This will remove all local volumes not used by at least one container.\n"
                : "WARNING! This will remove anonymous local volumes not used by at least one container.\n";
        boolean confirmed = invocation.options().on("force")
                || Confirmation.ask(
                        invocation.context(),
                        warning + "Are you sure you want to continue? [y/N] ",
                        invocation.shownAs());
        if (!confirmed) {
            return Outcome.DONE;
        }
        VolumePruning.Pruned pruned =
                VolumePruning.run(invocation, invocation.options().list("filter"), all);
        invocation
                .context()
                .print(pruned.text() + "Total reclaimed space: " + DockerUnits.longSize(pruned.bytes()) + "\n");
        return Outcome.DONE;
    }
}
