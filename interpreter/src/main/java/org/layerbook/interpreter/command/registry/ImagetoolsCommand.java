package org.layerbook.interpreter.command.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.Registry;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.DockerErrors;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.template.GoTemplate;
import org.layerbook.interpreter.template.TemplateException;

/** {@code buildx imagetools inspect}: what a registry has, without fetching it. */
public final class ImagetoolsCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("buildx imagetools inspect")),
            "[OPTIONS] NAME",
            "Show details of an image in the registry",
            Arity.exactly(1),
            List.of(
                    OptionSpec.text("format", "Format the output using the given Go template")
                            .oneOf("json", "table", "'{{json .}}'"),
                    OptionSpec.toggle("raw", "Show original, unformatted JSON manifest")),
            Completes.ONE_IMAGE,
            ImagetoolsCommand::run);

    private ImagetoolsCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException {
        Reference reference =
                PullCommand.reference(invocation.arguments().getFirst()).tagged();
        Optional<String> format = invocation.options().nonEmpty("format");
        if (format.isPresent() && invocation.options().on("raw")) {
            throw new CommandException("ERROR: format and raw cannot be used together", 1);
        }
        try {
            Registry registry = invocation.services().registries().get();
            Registry.Found found =
                    registry.manifest(reference, invocation.context().cancellation());
            String text;
            if (invocation.options().on("raw")) {
                // As it came, without a line's end, so that its digest can be seen to be right.
                text = new String(found.document().toArray(), StandardCharsets.UTF_8);
            } else if (format.isEmpty() || format.get().equals("{{.Manifest}}")) {
                text = table(reference, found);
            } else {
                text = formatted(format.get(), reference, found, registry, invocation);
            }
            invocation.context().print(text);
        } catch (IOException e) {
            throw new CommandException("ERROR: " + DockerErrors.sentence(e), 1);
        }
        return Outcome.DONE;
    }

    private static String table(Reference reference, Registry.Found found) throws IOException {
        var out = new StringBuilder();
        out.append("Name:      ").append(reference).append('\n');
        out.append("MediaType: ").append(found.mediaType()).append('\n');
        out.append("Digest:    ").append(found.digest()).append('\n');
        if (MediaTypes.isIndex(found.mediaType())) {
            out.append("           \nManifests: \n");
            var rows = new ArrayList<String[]>();
            List<Descriptor> entries = Index.parse(found.document().toArray()).manifests();
            for (int i = 0; i < entries.size(); i++) {
                if (i > 0) {
                    rows.add(new String[] {"", ""});
                }
                entry(entries.get(i), reference, rows, out);
            }
            flush(rows, out);
        }
        return out.toString();
    }

    /** Annotations end a table, as in buildx: what follows has columns of its own. */
    private static void entry(Descriptor entry, Reference reference, List<String[]> rows, StringBuilder out) {
        rows.add(new String[] {"  Name:", reference.withDigest(entry.digest()).toString()});
        rows.add(new String[] {"  MediaType:", entry.mediaType()});
        entry.platform().ifPresent(platform -> rows.add(new String[] {"  Platform:", platform.toString()}));
        if (!entry.urls().isEmpty()) {
            rows.add(new String[] {"  URLs:", String.join(", ", entry.urls())});
        }
        if (!entry.annotations().isEmpty()) {
            rows.add(new String[] {"  Annotations:", ""});
            flush(rows, out);
            new TreeMap<>(entry.annotations())
                    .forEach((key, value) -> rows.add(new String[] {"    " + key + ":", value}));
            flush(rows, out);
        }
    }

    private static void flush(List<String[]> rows, StringBuilder out) {
        int width = rows.stream().mapToInt(row -> row[0].length()).max().orElse(0) + 1;
        for (String[] row : rows) {
            out.append(row[0])
                    .repeat(" ", width - row[0].length())
                    .append(row[1])
                    .append('\n');
        }
        rows.clear();
    }

    private static String formatted(
            String format, Reference reference, Registry.Found found, Registry registry, Invocation invocation)
            throws CommandException, IOException {
        GoStruct.Builder input = GoStruct.named("imagetools.tplInput")
                .field("Name", "name", true, invocation.arguments().getFirst());
        Map<String, Object> images = new LinkedHashMap<>();
        if (MediaTypes.isIndex(found.mediaType())) {
            Index index = Index.parse(found.document().toArray());
            input.field("Manifest", "manifest", true, ManifestDocuments.index(index, found));
            if (format.contains(".Image") || format.contains(" .}}")) {
                for (Descriptor entry : index.images()) {
                    var its = registry.manifest(
                            reference.repository().withDigest(entry.digest()),
                            invocation.context().cancellation());
                    ImageConfig config = config(its, reference, registry, invocation);
                    images.put(entry.platform().orElse(config.platform()).toString(), ManifestDocuments.image(config));
                }
            }
        } else {
            var descriptor = new Descriptor(
                    found.mediaType(), found.digest(), found.document().length());
            input.field("Manifest", "manifest", true, ManifestDocuments.descriptor(descriptor));
            if (format.contains(".Image") || format.contains(" .}}")) {
                ImageConfig config = config(found, reference, registry, invocation);
                images.put(config.platform().toString(), ManifestDocuments.image(config));
            }
        }
        input.field(
                "Image",
                "image",
                true,
                images.size() == 1 ? images.values().iterator().next() : images);
        try {
            return GoTemplate.parse(format).executeForBuildx(input.build());
        } catch (TemplateException e) {
            throw new CommandException("ERROR: " + e.getMessage(), 1);
        }
    }

    static ImageConfig config(Registry.Found found, Reference reference, Registry registry, Invocation invocation)
            throws IOException {
        Manifest manifest = Manifest.parse(found.document().toArray());
        return ImageConfig.parse(registry.document(
                        reference, manifest.config(), invocation.context().cancellation())
                .toArray());
    }
}
