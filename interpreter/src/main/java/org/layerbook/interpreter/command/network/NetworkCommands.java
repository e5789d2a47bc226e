package org.layerbook.interpreter.command.network;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.network.Network;
import org.layerbook.engine.network.NetworkException;
import org.layerbook.engine.network.Networks;
import org.layerbook.engine.network.Subnet;
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
import org.layerbook.interpreter.command.spec.Filters;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** {@code docker network create}, {@code ls}, {@code rm} and {@code prune}. */
public final class NetworkCommands {
    static final String DAEMON = "Error response from daemon: ";

    public static final CommandSpec CREATE = new CommandSpec(
            List.of(Spelling.of("network create")),
            "[OPTIONS] NETWORK",
            "Create a network",
            Arity.exactly(1),
            List.of(
                    OptionSpec.toggle("attachable", "Enable manual container attachment"),
                    map("aux-address", "Auxiliary IPv4 or IPv6 addresses used by Network driver (default map[])"),
                    OptionSpec.text("config-from", "The network from which to copy the configuration"),
                    OptionSpec.toggle("config-only", "Create a configuration only network"),
                    OptionSpec.text('d', "driver", "Driver to manage the Network (default \"bridge\")"),
                    strings("gateway", "IPv4 or IPv6 Gateway for the master subnet"),
                    OptionSpec.toggle("ingress", "Create swarm routing-mesh network"),
                    OptionSpec.toggle("internal", "Restrict external access to the network"),
                    strings("ip-range", "Allocate container ip from a sub-range"),
                    OptionSpec.text("ipam-driver", "IP Address Management Driver (default \"default\")"),
                    map("ipam-opt", "Set IPAM driver specific options (default map[])"),
                    OptionSpec.toggle("ipv4", "Enable or disable IPv4 address assignment (default true)"),
                    OptionSpec.toggle("ipv6", "Enable or disable IPv6 address assignment"),
                    OptionSpec.of(Kind.LIST, "list", "label", "Set metadata on a network"),
                    OptionSpec.of(Kind.LIST, "map", 'o', "opt", "Set driver specific options (default map[])"),
                    OptionSpec.text("scope", "Control the network's scope"),
                    strings("subnet", "Subnet in CIDR format that represents a network segment")),
            Completes.NOTHING,
            NetworkCommands::create);

    public static final CommandSpec LIST = new CommandSpec(
            List.of(Spelling.of("network ls", "list")),
            "[OPTIONS]",
            "List networks",
            Arity.NONE,
            List.of(
                    OptionSpec.of(
                            Kind.FILTER, "filter", 'f', "filter", "Provide filter values (e.g. \"driver=bridge\")"),
                    OutputFormat.option(),
                    OptionSpec.toggle("no-trunc", "Do not truncate the output"),
                    OptionSpec.toggle('q', "quiet", "Only display network IDs")),
            Completes.NOTHING,
            NetworkCommands::list);

    public static final CommandSpec REMOVE = new CommandSpec(
            List.of(Spelling.of("network rm", "remove")),
            "NETWORK [NETWORK...]",
            "Remove one or more networks",
            Arity.atLeast(1),
            List.of(OptionSpec.toggle('f', "force", "Do not error if the network does not exist")),
            Completes.NOTHING,
            NetworkCommands::remove);

    public static final CommandSpec PRUNE = new CommandSpec(
            List.of(Spelling.of("network prune")),
            "[OPTIONS]",
            "Remove all unused networks",
            Arity.NONE,
            List.of(
                    OptionSpec.of(
                            Kind.FILTER, "filter", "filter", "Provide filter values (e.g. \"until=<timestamp>\")"),
                    OptionSpec.toggle('f', "force", "Do not prompt for confirmation")),
            Completes.NOTHING,
            NetworkCommands::prune);

    private static final Map<String, String> HEADINGS = headings();
    private static final String TABLE = "table {{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}";
    private static final int SHORT = 12;

    private NetworkCommands() {}

    private static OptionSpec map(String name, String help) {
        return OptionSpec.of(Kind.LIST, "map", name, help);
    }

    private static OptionSpec strings(String name, String help) {
        return OptionSpec.of(Kind.COMMA_LIST, "strings", name, help);
    }

    private static Map<String, String> headings() {
        var headings = new LinkedHashMap<String, String>();
        headings.put("ID", "NETWORK ID");
        for (String name : List.of("Name", "Driver", "Scope", "IPv4", "IPv6", "Internal", "Labels")) {
            headings.put(name, name.toUpperCase(java.util.Locale.ROOT));
        }
        headings.put("CreatedAt", "CREATED AT");
        return headings;
    }

    private static Networks networks(Invocation invocation) {
        return invocation.services().containers().networks();
    }

    private static Outcome create(Invocation invocation) throws CommandException, IOException {
        var options = invocation.options();
        String driver = options.nonEmpty("driver").orElse("bridge");
        if (!driver.equals("bridge")) {
            throw new CommandException(
                    DAEMON + "could not find plugin " + driver
                            + " in v1 plugin registry: plugin not found (Layerbook has the driver bridge)",
                    1);
        }
        if (options.on("ipv6")) {
            throw new CommandException("networks of IPv6 are not supported: leave out --ipv6", 1);
        }
        Optional<Subnet> subnet;
        try {
            List<String> gateway = options.list("gateway");
            List<String> subnets = options.list("subnet");
            if (subnets.isEmpty() && !gateway.isEmpty()) {
                throw new CommandException("every ip-range or gateway must have a corresponding subnet", 1);
            }
            subnet = subnets.stream()
                    .findFirst()
                    .map(text -> Subnet.parse(text, gateway.stream().findFirst()));
        } catch (IllegalArgumentException e) {
            throw new CommandException(DAEMON + "invalid network config:\n" + e.getMessage(), 1);
        }
        try {
            Network made = networks(invocation)
                    .create(
                            new Networks.Wanted(
                                    invocation.arguments().getFirst(),
                                    subnet,
                                    options.on("internal"),
                                    pairs(options.list("label")),
                                    pairs(options.list("opt"))),
                            invocation.now());
            invocation.context().print(made.id() + "\n");
        } catch (NetworkException e) {
            throw new CommandException(DAEMON + e.getMessage(), 1);
        }
        return Outcome.DONE;
    }

    private static Map<String, String> pairs(List<String> given) {
        var pairs = new LinkedHashMap<String, String>();
        for (String pair : given) {
            int equals = pair.indexOf('=');
            pairs.put(equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
        }
        return pairs;
    }

    private static Outcome list(Invocation invocation) throws CommandException, IOException {
        var options = invocation.options();
        boolean full = options.on("no-trunc");
        Filters filters = Filters.of(
                options.list("filter"), Set.of("dangling", "driver", "id", "label", "name", "scope", "type"));
        var rows = new ArrayList<GoStruct>();
        var ids = new StringBuilder();
        for (Listed network : all(invocation)) {
            if (!matches(network, filters)) {
                continue;
            }
            String id = full ? network.id() : network.id().substring(0, SHORT);
            ids.append(id).append('\n');
            rows.add(row(network, id, invocation));
        }
        if (options.on("quiet") && options.nonEmpty("format").isEmpty()) {
            invocation.context().print(ids.toString());
            return Outcome.DONE;
        }
        OutputFormat format = OutputFormat.of(options.nonEmpty("format"))
                .orElseGet(() -> OutputFormat.of(Optional.of(TABLE)).orElseThrow());
        invocation.context().print(format.rows(HEADINGS, rows));
        return Outcome.DONE;
    }

    /** A network that {@code ls} lists: the two without a bridge among them. */
    private record Listed(String name, String id, String driver, Optional<Network> network) {}

    private static List<Listed> all(Invocation invocation) throws IOException {
        Networks networks = networks(invocation);
        var all = new ArrayList<Listed>();
        for (Network network : networks.list()) {
            all.add(new Listed(network.name(), network.id(), "bridge", Optional.of(network)));
        }
        all.add(new Listed("host", networks.idOf("host"), "host", Optional.empty()));
        all.add(new Listed("none", networks.idOf("none"), "null", Optional.empty()));
        all.sort(java.util.Comparator.comparing(Listed::name));
        return all;
    }

    private static boolean matches(Listed network, Filters filters) {
        return any(filters, "name", network.name()::contains)
                && any(filters, "id", network.id()::startsWith)
                && any(filters, "driver", network.driver()::equals)
                && any(filters, "scope", "local"::equals)
                && any(filters, "type", type -> type.equals(isMade(network) ? "custom" : "builtin"))
                && filters.matchesLabels(network.network().map(Network::labels).orElse(Map.of()));
    }

    private static boolean isMade(Listed network) {
        return network.network().filter(made -> !made.isDefault()).isPresent();
    }

    private static boolean any(Filters filters, String name, java.util.function.Predicate<String> matches) {
        return filters.values(name).isEmpty() || filters.values(name).stream().anyMatch(matches);
    }

    private static GoStruct row(Listed network, String id, Invocation invocation) {
        Map<String, String> labels = network.network().map(Network::labels).orElse(Map.of());
        return GoStruct.context("*formatter.networkContext")
                .field(
                        "CreatedAt",
                        network.network()
                                .map(made -> DockerUnits.goTime(made.created(), invocation.zone()))
                                .orElse(""))
                .field("Driver", network.driver())
                .field("ID", id)
                .field("IPv4", "true")
                .field("IPv6", "false")
                .field(
                        "Internal",
                        Boolean.toString(
                                network.network().filter(Network::internal).isPresent()))
                .field(
                        "Labels",
                        String.join(
                                ",",
                                labels.entrySet().stream()
                                        .map(e -> e.getKey() + "=" + e.getValue())
                                        .toList()))
                .field("Name", network.name())
                .field("Scope", "local")
                .build();
    }

    private static Outcome remove(Invocation invocation) throws CommandException, IOException {
        var problems = new ArrayList<String>();
        for (String argument : invocation.arguments()) {
            try {
                invocation
                        .services()
                        .containers()
                        .removeNetwork(networks(invocation).get(argument));
                invocation.context().print(argument + "\n");
            } catch (NetworkException e) {
                if (!(e.isMissing() && invocation.options().on("force"))) {
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
        String question = "WARNING! This will remove all custom networks not used by at least one container.\n"
                + "Are you sure you want to continue? [y/N] ";
        if (!invocation.options().on("force")
                && !Confirmation.ask(invocation.context(), question, "docker network prune")) {
            return Outcome.DONE;
        }
        var removed = new ArrayList<String>();
        for (Network network : networks(invocation).list()) {
            if (!network.isDefault()) {
                try {
                    invocation.services().containers().removeNetwork(network);
                    removed.add(network.name());
                } catch (NetworkException e) {
                    continue; // in use
                }
            }
        }
        invocation
                .context()
                .print(removed.isEmpty() ? "" : "Deleted Networks:\n" + String.join("\n", removed) + "\n\n");
        return Outcome.DONE;
    }
}
