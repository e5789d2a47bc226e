package org.layerbook.interpreter.command.registry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.archive.ImagePacker;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.Registry;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.DockerErrors;
import org.layerbook.interpreter.command.spec.ImageArgument;
import org.layerbook.interpreter.template.GoJsonText;
import org.layerbook.interpreter.template.GoStruct;

/**
 * {@code docker manifest inspect}: of what a registry has, as docker; and of an image that was built here, which gets its
 * manifest now, the one with which it would be saved or pushed.
 */
public final class ManifestCommand {
    public static final CommandSpec INSPECT = new CommandSpec(
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
            String text;
            if (invocation.options().on("verbose")) {
                Descriptor described = descriptor.withPlatform(image.config().platform());
                text = GoJsonText.indented(
                        ManifestDocuments.verbose(name, described, bytes, Manifest.parse(bytes)), "\t", true);
            } else {
                text = GoJsonText.reindented(new String(bytes, StandardCharsets.UTF_8), "\t");
            }
            invocation.context().print(text + "\n");
        }
        return Outcome.DONE;
    }

    /** Whether it was pulled or pushed under this name: then the registry may have an index for it. */
    private static boolean isOfRegistry(ImageArgument found, Store store) throws IOException {
        Optional<Names.Name> name = found.name().isEmpty()
                ? Optional.empty()
                : store.names().get(found.name().get());
        if (name.isEmpty() || name.get().target().isEmpty()) {
            return false;
        }
        Digest target = name.get().target().get().digest();
        return store.names()
                .get(name.get().reference().repository().withDigest(target))
                .isPresent();
    }

    private static Outcome ofRegistry(Invocation invocation) throws CommandException {
        Reference reference =
                PullCommand.reference(invocation.arguments().getLast()).tagged();
        try {
            Registry usual = invocation.services().registries().get();
            if (!invocation.options().on("insecure")) {
                invocation.context().print(described(reference, usual, invocation) + "\n");
            } else {
                try (Registry insecure = usual.withInsecure(reference.domain())) {
                    invocation.context().print(described(reference, insecure, invocation) + "\n");
                }
            }
        } catch (RegistryException e) {
            boolean missing = e.kind() == RegistryException.Kind.NOT_FOUND;
            throw new CommandException(missing ? "no such manifest: " + reference.familiar() : e.getMessage(), 1);
        } catch (IOException e) {
            throw new CommandException(DockerErrors.sentence(e), 1);
        }
        return Outcome.DONE;
    }

    private static String described(Reference reference, Registry registry, Invocation invocation) throws IOException {
        boolean verbose = invocation.options().on("verbose");
        Registry.Found found = registry.manifest(reference, invocation.context().cancellation());
        byte[] bytes = found.document().toArray();
        if (!MediaTypes.isIndex(found.mediaType())) {
            if (!verbose) {
                return GoJsonText.reindented(new String(bytes, StandardCharsets.UTF_8), "\t");
            }
            var platform = ImagetoolsCommand.config(found, reference, registry, invocation)
                    .platform();
            return GoJsonText.indented(ofFound(reference.toString(), found, Optional.of(platform)), "\t", true);
        }
        Index index = Index.parse(bytes);
        if (!verbose) {
            return GoJsonText.indented(ManifestDocuments.list(index), "   ", true);
        }
        var images = new ArrayList<GoStruct>();
        for (Descriptor entry : index.manifests()) {
            var its = registry.manifest(
                    reference.repository().withDigest(entry.digest()),
                    invocation.context().cancellation());
            images.add(ofFound(reference.withDigest(entry.digest()).toString(), its, entry.platform()));
        }
        return GoJsonText.indented(images, "\t", true);
    }

    private static GoStruct ofFound(String name, Registry.Found found, Optional<Platform> platform) throws IOException {
        byte[] bytes = found.document().toArray();
        var descriptor = new Descriptor(found.mediaType(), found.digest(), bytes.length, Map.of(), platform);
        return ManifestDocuments.verbose(name, descriptor, bytes, Manifest.parse(bytes));
    }
}
