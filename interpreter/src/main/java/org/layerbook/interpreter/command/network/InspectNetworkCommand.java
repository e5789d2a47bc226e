package org.layerbook.interpreter.command.network;

import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.network.Network;
import org.layerbook.engine.network.NetworkException;
import org.layerbook.engine.network.Networks;
import org.layerbook.engine.network.Subnet;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.ObjectFormat;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.template.GoJsonText;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.template.GoTemplate;
import org.layerbook.interpreter.template.TemplateException;

/** {@code docker network inspect}. */
public final class InspectNetworkCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("network inspect")),
            "[OPTIONS] NETWORK [NETWORK...]",
            "Display detailed information on one or more networks",
            Arity.atLeast(1),
            List.of(
                    OutputFormat.objectOption('f'),
                    OptionSpec.toggle('v', "verbose", "Verbose output for diagnostics")),
            Completes.NOTHING,
            InspectNetworkCommand::run);

    private InspectNetworkCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        var documents = new ArrayList<GoStruct>();
        var problems = new ArrayList<String>();
        Networks networks = invocation.services().containers().networks();
        for (String argument : invocation.arguments()) {
            try {
                documents.add(
                        argument.equals("host") || argument.equals("none")
                                ? without(argument, networks.idOf(argument))
                                : document(networks.get(argument), invocation));
            } catch (NetworkException e) {
                problems.add(NetworkCommands.DAEMON + e.getMessage());
            }
        }
        print(documents, invocation);
        if (!problems.isEmpty()) {
            throw new CommandException(String.join("\n", problems), 1);
        }
        return Outcome.DONE;
    }

    private static void print(List<GoStruct> documents, Invocation invocation) throws CommandException, IOException {
        Optional<String> format = invocation.options().nonEmpty("format");
        if (format.isEmpty()) {
            invocation
                    .context()
                    .print((documents.isEmpty() ? "[]" : GoJsonText.indented(documents, "    ", false)) + "\n");
        } else if (format.get().equals("json")) {
            invocation.context().print(GoJsonText.compact(documents, false) + "\n");
        } else {
            try {
                GoTemplate template = GoTemplate.parse(format.get());
                for (GoStruct document : documents) {
                    invocation.context().print(template.execute(document) + "\n");
                }
            } catch (TemplateException e) {
                throw new CommandException(
                        "template parsing error: " + e.getMessage(), ObjectFormat.MALFORMED_TEMPLATE);
            }
        }
    }

    private static GoStruct document(Network network, Invocation invocation) throws IOException {
        var subnet = GoStruct.named("network.IPAMConfig")
                .field("Subnet", network.subnet().toString())
                .field("Gateway", Subnet.text(network.subnet().gateway()))
                .build();
        String created =
                DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(network.created().atOffset(ZoneOffset.UTC));
        return document(
                network.name(),
                network.id(),
                created,
                "bridge",
                List.of(subnet),
                network.internal(),
                members(network, invocation),
                network.options(),
                network.labels());
    }

    private static GoStruct without(String name, String id) {
        return document(
                name,
                id,
                "1970-01-01T00:00:00Z",
                name.equals("none") ? "null" : name,
                List.of(),
                false,
                Map.of(),
                Map.of(),
                Map.of());
    }

    private static GoStruct document(
            String name,
            String id,
            String created,
            String driver,
            List<GoStruct> subnets,
            boolean internal,
            Map<String, Object> members,
            Map<String, String> options,
            Map<String, String> labels) {
        return GoStruct.named("network.Inspect")
                .field("Name", name)
                .field("Id", id)
                .field("Created", created)
                .field("Scope", "local")
                .field("Driver", driver)
                .field("EnableIPv4", true)
                .field("EnableIPv6", false)
                .field(
                        "IPAM",
                        GoStruct.named("network.IPAM")
                                .field("Driver", "default")
                                .field("Options", new LinkedHashMap<String, Object>())
                                .field("Config", subnets)
                                .build())
                .field("Internal", internal)
                .field("Attachable", false)
                .field("Ingress", false)
                .field(
                        "ConfigFrom",
                        GoStruct.named("network.ConfigReference")
                                .field("Network", "")
                                .build())
                .field("ConfigOnly", false)
                .field("Containers", members)
                .field("Options", new LinkedHashMap<String, Object>(options))
                .field("Labels", new LinkedHashMap<String, Object>(labels))
                .build();
    }

    private static Map<String, Object> members(Network network, Invocation invocation) throws IOException {
        var members = new LinkedHashMap<String, Object>();
        for (Container container : invocation.services().containers().in(network)) {
            String address = invocation
                    .services()
                    .containers()
                    .address(container, network)
                    .map(ip -> ip + "/" + network.subnet().bits())
                    .orElse("");
            members.put(
                    container.id(),
                    GoStruct.named("network.EndpointResource")
                            .field("Name", container.name())
                            .field("EndpointID", "")
                            .field("MacAddress", "")
                            .field("IPv4Address", address)
                            .field("IPv6Address", "")
                            .build());
        }
        return members;
    }
}
