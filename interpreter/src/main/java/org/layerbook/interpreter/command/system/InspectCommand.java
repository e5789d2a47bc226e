package org.layerbook.interpreter.command.system;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.command.container.ContainerDocument;
import org.layerbook.interpreter.command.image.InspectDocument;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.ImageArgument;
import org.layerbook.interpreter.command.spec.ObjectFormat;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.report.InspectReport;
import org.layerbook.interpreter.template.GoJsonText;
import org.layerbook.interpreter.template.GoRaw;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.template.GoTemplate;
import org.layerbook.interpreter.template.TemplateException;

/** {@code docker inspect}, {@code docker container inspect} and {@code docker image inspect}. */
public final class InspectCommand {
    private static final List<String> TYPES =
            List.of("config", "container", "image", "network", "node", "plugin", "secret", "service", "task", "volume");

    public static final CommandSpec ANY = new CommandSpec(
            List.of(Spelling.of("inspect")),
            "[OPTIONS] NAME|ID [NAME|ID...]",
            "Return low-level information on Docker objects",
            Arity.atLeast(1),
            List.of(
                    OutputFormat.objectOption('f'),
                    OptionSpec.toggle('s', "size", "Display total file sizes if the type is container"),
                    OptionSpec.text("type", "Only inspect objects of the given type")
                            .oneOf("image")),
            Completes.IMAGE,
            InspectCommand::runAny);

    public static final CommandSpec IMAGE = new CommandSpec(
            List.of(Spelling.of("image inspect")),
            "[OPTIONS] IMAGE [IMAGE...]",
            "Display detailed information on one or more images",
            Arity.atLeast(1),
            List.of(
                    OutputFormat.objectOption('f'),
                    OptionSpec.text("platform", """
                            Inspect a specific platform of the multi-platform image.
                            If the image or the server is not multi-platform capable, the command will error out if the platform does not match.
                            'os[/arch[/variant]]': Explicit platform (eg. linux/amd64)""")
                            .oneOf("linux/amd64", "linux/arm64")
                            .hiddenFromHelp()),
            Completes.IMAGE,
            invocation -> run(invocation, Kind.IMAGE));

    public static final CommandSpec CONTAINER = new CommandSpec(
            List.of(Spelling.of("container inspect")),
            "[OPTIONS] CONTAINER [CONTAINER...]",
            "Display detailed information on one or more containers",
            Arity.atLeast(1),
            List.of(OutputFormat.objectOption('f'), OptionSpec.toggle('s', "size", "Display total file sizes")),
            Completes.NOTHING,
            invocation -> run(invocation, Kind.CONTAINER));

    /** What an argument may name. */
    private enum Kind {
        ANY,
        CONTAINER,
        IMAGE
    }

    private static final String SIZE_IGNORED = "WARNING: --size ignored for image\n";

    private InspectCommand() {}

    private static Outcome runAny(Invocation invocation) throws CommandException, IOException {
        Optional<String> type = invocation.options().text("type");
        if (type.isPresent() && !TYPES.contains(type.get())) {
            String what = type.get().isEmpty() ? "type is empty" : "unknown type: \"" + type.get() + "\"";
            throw new CommandException(
                    what + ": must be one of "
                            + String.join(
                                    ", ",
                                    TYPES.stream().map(t -> "\"" + t + "\"").toList()),
                    1);
        }
        Kind kind = switch (type.orElse("")) {
            case "" -> Kind.ANY;
            case "container" -> Kind.CONTAINER;
            default -> Kind.IMAGE;
        };
        boolean others = kind == Kind.IMAGE && !type.get().equals("image");
        if (invocation.options().on("size") && kind == Kind.IMAGE && !others) {
            invocation.context().printError(SIZE_IGNORED);
        }
        if (others) {
            boolean document = invocation.options().nonEmpty("format").isEmpty();
            invocation.context().print(document ? "[]\n" : "\n");
            throw new CommandException(
                    invocation.arguments().stream()
                            .map(argument -> "Error response from daemon: " + absent(type.get(), argument))
                            .collect(Collectors.joining("\n")),
                    1);
        }
        return run(invocation, kind);
    }

    /** Of these types there is none here. */
    private static String absent(String type, String name) {
        return switch (type) {
            case "network" -> "network " + name + " not found";
            case "plugin" -> "plugin \"" + name + "\" not found";
            case "volume" -> "get " + name + ": no such volume";
            default ->
                "This node is not a swarm manager: Layerbook has no cluster, and no " + type + " \"" + name + "\"";
        };
    }

    private static Outcome run(Invocation invocation, Kind kind) throws CommandException, IOException {
        Optional<String> format = invocation.options().nonEmpty("format");
        Optional<GoTemplate> template = template(format);
        var documents = new ArrayList<GoStruct>();
        var text = new StringBuilder();
        var faults = new ArrayList<String>();
        for (String argument : invocation.arguments()) {
            Optional<GoStruct> document = find(argument, kind, invocation, faults);
            document.ifPresent(documents::add);
            if (document.isPresent() && template.isPresent()) {
                try {
                    text.append(apply(template.get(), document.get())).append('\n');
                } catch (CommandException e) {
                    faults.add(e.getMessage());
                }
            }
        }
        if (template.isPresent()) {
            // An empty line where there is nothing to print, before whatever error follows, as the client does it.
            invocation.context().print(text.isEmpty() ? "\n" : text.toString());
        } else {
            print(documents, format, invocation);
        }
        if (!faults.isEmpty()) {
            throw new CommandException(String.join("\n", faults), 1);
        }
        return Outcome.DONE;
    }

    /** Adds a sentence to {@code faults} where there is none. */
    private static Optional<GoStruct> find(String argument, Kind kind, Invocation invocation, List<String> faults)
            throws IOException {
        try {
            return Optional.of(document(argument, kind, invocation));
        } catch (ContainerException e) {
            faults.add("Error response from daemon: " + e.getMessage());
        } catch (CommandException e) {
            if (kind == Kind.ANY && argument.isEmpty()) {
                faults.add("invalid container name or ID: value is empty");
            } else {
                faults.add(
                        kind == Kind.ANY && !argument.startsWith("@")
                                ? "Error: No such object: " + argument
                                : e.getMessage());
            }
        }
        return Optional.empty();
    }

    private static Optional<GoTemplate> template(Optional<String> format) throws CommandException {
        if (format.isEmpty() || format.get().equals("json")) {
            return Optional.empty();
        }
        try {
            return Optional.of(GoTemplate.parse(format.get()));
        } catch (TemplateException e) {
            throw new CommandException("template parsing error: " + e.getMessage(), ObjectFormat.MALFORMED_TEMPLATE);
        }
    }

    /** A container before an image of the same name. */
    private static GoStruct document(String argument, Kind kind, Invocation invocation)
            throws CommandException, IOException {
        Containers containers = invocation.services().containers().containers();
        boolean sizes = invocation.options().on("size");
        if (kind == Kind.CONTAINER) {
            return ContainerDocument.of(containers.get(argument), sizes, invocation);
        }
        Optional<Container> container = kind == Kind.ANY ? containers.find(argument) : Optional.empty();
        if (container.isPresent()) {
            return ContainerDocument.of(container.get(), sizes, invocation);
        }
        Store store = invocation.store();
        ImageArgument found = ImageArgument.resolve(argument, invocation);
        Image image = found.load(store);
        if (sizes && kind == Kind.ANY) {
            invocation.context().printError(SIZE_IGNORED);
        }
        List<Names.Name> names = names(found, store);
        return InspectDocument.of(
                image, names, invocation.services().snapshots().driver());
    }

    /** Every name of an image that was found by its ID; by a name, only those that stand for the same as that one. */
    private static List<Names.Name> names(ImageArgument found, Store store) throws IOException {
        Optional<Names.Name> asked = found.name().isEmpty()
                ? Optional.empty()
                : store.names().get(found.name().get());
        var names = new ArrayList<Names.Name>();
        for (Reference reference : store.names().of(found.id())) {
            store.names()
                    .get(reference)
                    .filter(name -> asked.isEmpty() || name.standsFor(asked.get()))
                    .ifPresent(names::add);
        }
        return names;
    }

    private static void print(List<GoStruct> documents, Optional<String> format, Invocation invocation)
            throws IOException {
        if (format.isPresent()) {
            invocation.context().print(GoJsonText.compact(documents, false) + "\n");
        } else if (documents.isEmpty()) {
            invocation.context().print("[]\n");
        } else {
            invocation.show(new InspectReport(documents));
        }
    }

    /** On the typed document first, then on its JSON, as the client does; the second one's error is what one sees. */
    private static String apply(GoTemplate template, GoStruct document) throws CommandException {
        try {
            return template.execute(document);
        } catch (TemplateException typed) {
            try {
                return template.executeStrictly(GoRaw.of(document));
            } catch (TemplateException raw) {
                throw OutputFormat.failure(raw);
            }
        }
    }
}
