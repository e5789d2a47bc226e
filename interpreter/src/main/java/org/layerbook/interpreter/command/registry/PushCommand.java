package org.layerbook.interpreter.command.registry;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.PushResult;
import org.layerbook.engine.registry.Registry;
import org.layerbook.engine.registry.StoredIndexes;
import org.layerbook.engine.registry.protocol.RegistryException;
import org.layerbook.engine.registry.transfer.TransferListener;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.DockerErrors;

/** {@code docker push}. */
public final class PushCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("image push"), Spelling.of("push")),
            "[OPTIONS] NAME[:TAG]",
            "Upload an image to a registry",
            Arity.exactly(1),
            List.of(
                    OptionSpec.toggle('a', "all-tags", "Push all tags of an image to the repository"),
                    OptionSpec.toggle("disable-content-trust", "Skip image signing (default true)"),
                    OptionSpec.text(
                                    "platform",
                                    "Push a platform-specific manifest as a\nsingle-platform image to the registry.\n"
                                            + "Image index won't be pushed, meaning that\nother manifests, including attestations\n"
                                            + "won't be preserved.\n'os[/arch[/variant]]': Explicit platform\n(eg. linux/amd64)")
                            .oneOf("linux/amd64", "linux/arm64"),
                    OptionSpec.toggle('q', "quiet", "Suppress verbose output")),
            Completes.ONE_IMAGE,
            PushCommand::run);

    private PushCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        String argument = invocation.arguments().getFirst();
        if (argument.startsWith("@")) {
            throw new CommandException(
                    "\"" + argument + "\" has no repository name: tag it with `docker tag " + argument + " NAME` and"
                            + " push NAME",
                    1);
        }
        Reference reference = PullCommand.reference(argument);
        boolean all = invocation.options().on("all-tags");
        if (all && reference.tag().isPresent()) {
            throw new CommandException("tag can't be used with --all-tags/-a", 1);
        }
        if (reference.digest().isPresent()) {
            throw new CommandException("cannot push a digest reference", 1);
        }
        try {
            push(reference, all, invocation);
        } catch (IOException e) {
            throw new CommandException(DockerErrors.sentence(e), 1);
        }
        return Outcome.DONE;
    }

    private static void push(Reference reference, boolean all, Invocation invocation)
            throws CommandException, IOException {
        boolean quiet = invocation.options().on("quiet");
        CommandContext context = invocation.context();
        var progress = new TransferProgress(context, true, System::nanoTime);
        if (!quiet) {
            if (!all && reference.tag().isEmpty()) {
                progress.say("Using default tag: latest");
            }
            progress.say("The push refers to repository [" + reference.repository() + "]");
        }
        List<Names.Name> names;
        try {
            names = names(reference, all, invocation.store());
        } catch (CommandException e) {
            progress.end("");
            throw e;
        }
        var sender = new Sender(invocation, PullCommand.platform(invocation), new ArrayList<>());
        for (Names.Name name : names) {
            Optional<Image> image = invocation.store().images().get(name.image());
            if (image.isEmpty()) {
                continue;
            }
            try {
                PushResult pushed =
                        sender.send(name, image.get().under(name), quiet ? TransferListener.NONE : progress);
                if (!quiet) {
                    progress.end(name.reference().tag().orElseThrow() + ": digest: " + pushed.digest() + " size: "
                            + pushed.size() + "\n");
                    progress = new TransferProgress(context, true, System::nanoTime);
                }
            } catch (IOException | CommandException e) {
                progress.end("");
                throw e;
            }
        }
        if (quiet) {
            context.print((all ? reference : reference.tagged()) + "\n");
        }
        for (String note : sender.notes) {
            context.printError(note);
        }
    }

    /** Sends what a name stands for: of an index that is neither whole here nor at the registry its image alone, with a note. */
    private record Sender(Invocation invocation, Optional<Platform> platform, List<String> notes) {
        PushResult send(Names.Name name, Image image, TransferListener listener) throws CommandException, IOException {
            Reference target = name.reference();
            Registry registry = invocation.services().registries().get();
            var indexes = new StoredIndexes(invocation.store());
            Cancellation cancellation = invocation.context().cancellation();
            Optional<Descriptor> known = indexes.of(name);
            Optional<Index> index = known.isEmpty()
                    ? Optional.empty()
                    : indexes.read(known.get().digest());
            if (platform.isPresent()) {
                Image chosen = PlatformChoice.of(image, target, platform.get(), invocation.store(), "");
                note(known, chosen);
                return registry.push(chosen, target, listener, cancellation);
            }
            if (index.isPresent()) {
                try {
                    return registry.pushDocument(
                            known.get(), indexes.images(index.get()), target, listener, cancellation);
                } catch (RegistryException e) {
                    // Some of it is neither here nor there.
                    if (e.kind() != RegistryException.Kind.NOT_FOUND) {
                        throw e;
                    }
                }
            }
            note(known, image);
            PushResult pushed = registry.push(image, target, listener, cancellation);
            invocation.store().names().settle(name, pushed.document());
            return pushed;
        }

        /** As the docker client says it on standard error. */
        private void note(Optional<Descriptor> index, Image image) {
            if (index.isPresent() && image.manifest().isPresent()) {
                notes.add("\ni Info → Not all multiplatform-content is present and only the available "
                        + "single-platform image was pushed\n         "
                        + index.get().digest() + " -> "
                        + image.manifest().get().digest() + "\n");
            }
        }
    }

    private static List<Names.Name> names(Reference reference, boolean all, Store store)
            throws CommandException, IOException {
        var names = new ArrayList<Names.Name>();
        if (all) {
            store.names().list().stream()
                    .filter(name -> name.reference().tag().isPresent()
                            && name.reference().digest().isEmpty()
                            && name.reference().name().equals(reference.name()))
                    .forEach(names::add);
            if (names.isEmpty()) {
                throw new CommandException(
                        "An image does not exist locally with the tag: " + reference.familiarName(), 1);
            }
            return names;
        }
        Optional<Names.Name> one = store.names().get(reference.tagged());
        if (one.isPresent()) {
            return List.of(one.get());
        }
        boolean otherTag =
                store.names().references().stream().anyMatch(name -> name.name().equals(reference.name()));
        throw new CommandException(
                otherTag
                        ? "tag does not exist: " + reference.tagged().familiar()
                        : "An image does not exist locally with the tag: " + reference.familiarName(),
                1);
    }
}
