package org.layerbook.interpreter.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.Registry;
import org.layerbook.interpreter.command.CommandSpec.Arity;
import org.layerbook.interpreter.command.CommandSpec.Completes;
import org.layerbook.interpreter.command.CommandSpec.Invocation;
import org.layerbook.interpreter.command.CommandSpec.Outcome;
import org.layerbook.interpreter.command.CommandSpec.Spelling;
import org.layerbook.interpreter.command.option.OptionSpec;

/** {@code buildx imagetools inspect}: what a registry has, without fetching it. */
final class ImagetoolsCommand {
    static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("buildx imagetools inspect")),
            "[OPTIONS] NAME",
            "Show details of an image in the registry",
            Arity.exactly(1),
            List.of(OptionSpec.toggle("raw", "Show original, unformatted JSON manifest")),
            Completes.ONE_IMAGE,
            ImagetoolsCommand::run);

    private ImagetoolsCommand() {}

    static Registry.Found find(String argument, Invocation invocation) throws CommandException {
        Reference reference = PullCommand.reference(argument);
        try {
            return invocation
                    .services()
                    .registries()
                    .get()
                    .manifest(reference, invocation.context().cancellation());
        } catch (IOException e) {
            throw new CommandException(Faults.sentence(e), 1);
        }
    }

    /** As it came, so that its digest can be seen to be right. */
    static String text(Registry.Found found) {
        return new String(found.document().toArray(), StandardCharsets.UTF_8).stripTrailing();
    }

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        String argument = invocation.arguments().getFirst();
        Registry.Found found = find(argument, invocation);
        if (invocation.options().on("raw")) {
            invocation.context().print(text(found));
            return Outcome.DONE;
        }
        Reference reference = PullCommand.reference(argument).tagged();
        var out = new StringBuilder();
        out.append("Name:      ").append(reference).append('\n');
        out.append("MediaType: ").append(found.mediaType()).append('\n');
        out.append("Digest:    ").append(found.digest()).append('\n');
        if (MediaTypes.isIndex(found.mediaType())) {
            out.append("           \nManifests: \n");
            List<Descriptor> entries = Index.parse(found.document().toArray()).manifests();
            for (int i = 0; i < entries.size(); i++) {
                out.append(i == 0 ? "" : "             \n");
                append(entries.get(i), reference, out);
            }
        }
        invocation.context().print(out.toString());
        return Outcome.DONE;
    }

    private static void append(Descriptor entry, Reference reference, StringBuilder out) {
        out.append("  Name:        ")
                .append(reference.repository().withDigest(entry.digest()))
                .append('\n');
        out.append("  MediaType:   ").append(entry.mediaType()).append('\n');
        entry.platform()
                .ifPresent(platform ->
                        out.append("  Platform:    ").append(platform).append('\n'));
        if (!entry.annotations().isEmpty()) {
            out.append("  Annotations: \n");
            for (Map.Entry<String, String> annotation : new java.util.TreeMap<>(entry.annotations()).entrySet()) {
                out.append("    ")
                        .append(annotation.getKey())
                        .append(": ")
                        .append(annotation.getValue())
                        .append('\n');
            }
        }
    }
}
