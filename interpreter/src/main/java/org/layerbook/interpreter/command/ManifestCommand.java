package org.layerbook.interpreter.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.archive.ImagePacker;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.store.Image;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.command.CommandSpec.Arity;
import org.layerbook.interpreter.command.CommandSpec.Completes;
import org.layerbook.interpreter.command.CommandSpec.Invocation;
import org.layerbook.interpreter.command.CommandSpec.Outcome;
import org.layerbook.interpreter.command.CommandSpec.Spelling;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.template.GoJsonText;
import org.layerbook.interpreter.template.GoStruct;

/**
 * {@code docker manifest inspect}: of what a registry has, as docker; and of an image that was built here, which gets its
 * manifest now, the one with which it would be saved or pushed.
 */
final class ManifestCommand {
    static final CommandSpec INSPECT = new CommandSpec(
            List.of(Spelling.of("manifest inspect")),
            "[OPTIONS] [MANIFEST_LIST] MANIFEST",
            "Display an image manifest, or manifest list",
            new Arity(1, 2),
            List.of(
                    OptionSpec.toggle("insecure", "Allow communication with an insecure registry"),
                    OptionSpec.toggle('v', "verbose", "Output additional info including layers and platform")),
            Completes.ONE_IMAGE,
            ManifestCommand::inspect);

    private ManifestCommand() {}

    private static Outcome inspect(Invocation invocation) throws CommandException, IOException {
        Store store = invocation.store();
        String name = invocation.arguments().getLast();
        ImageArgument found;
        try {
            found = ImageArgument.resolve(name, invocation);
        } catch (CommandException e) {
            if (name.startsWith("@")) {
                throw e;
            }
            return ofRegistry(invocation);
        }
        if (isOfRegistry(found, store)) {
            return ofRegistry(invocation);
        }
        try (var lease = store.leases().operation("docker manifest inspect")) {
            Image image = found.load(store);
            if (image.manifest().isEmpty()) {
                image = new ImagePacker(store, invocation.services().snapshots()).pack(image, lease);
            }
            Descriptor descriptor = image.manifest().orElseThrow();
            byte[] bytes;
            try (var in = store.content().open(descriptor.digest())) {
                bytes = in.readAllBytes();
            }
            Manifest manifest = Manifest.parse(bytes);
            boolean verbose = invocation.options().on("verbose");
            GoStruct document = verbose ? verbose(name, descriptor, image, manifest) : manifest(manifest);
            invocation.context().print(GoJsonText.indented(document).replace("    ", "\t") + "\n");
        }
        return Outcome.DONE;
    }

    /** Whether it was pulled or pushed under this name: then the registry may have an index for it. */
    private static boolean isOfRegistry(ImageArgument found, Store store) throws IOException {
        return found.name().isPresent()
                && store.names().of(found.id()).stream()
                        .anyMatch(name -> name.digest().isPresent()
                                && name.name().equals(found.name().get().name()));
    }

    private static Outcome ofRegistry(Invocation invocation) throws CommandException, IOException {
        var found = ImagetoolsCommand.find(invocation.arguments().getLast(), invocation);
        invocation.context().print(ImagetoolsCommand.text(found) + "\n");
        return Outcome.DONE;
    }

    private static GoStruct manifest(Manifest manifest) {
        var layers = new ArrayList<GoStruct>();
        manifest.layers().forEach(layer -> layers.add(descriptor(layer)));
        return GoStruct.named("manifest")
                .field("schemaVersion", 2)
                .field("mediaType", manifest.mediaType())
                .field("config", descriptor(manifest.config()))
                .field("layers", layers)
                .build();
    }

    private static GoStruct descriptor(Descriptor descriptor) {
        return GoStruct.named("descriptor")
                .field("mediaType", descriptor.mediaType())
                .field("size", descriptor.size())
                .field("digest", descriptor.digest().toString())
                .build();
    }

    private static GoStruct verbose(String name, Descriptor descriptor, Image image, Manifest manifest) {
        var platform = image.config().platform();
        GoStruct described = GoStruct.named("descriptor")
                .field("mediaType", descriptor.mediaType())
                .field("digest", descriptor.digest().toString())
                .field("size", descriptor.size())
                .field(
                        "platform",
                        GoStruct.named("platform")
                                .field("architecture", platform.architecture())
                                .field("os", platform.os())
                                .omitEmpty("variant", platform.variant().orElse(""))
                                .build())
                .build();
        boolean oci = manifest.mediaType().contains("oci");
        return GoStruct.named("verbose")
                .field("Ref", name)
                .field("Descriptor", described)
                .field(oci ? "OCIManifest" : "SchemaV2Manifest", manifest(manifest))
                .build();
    }
}
