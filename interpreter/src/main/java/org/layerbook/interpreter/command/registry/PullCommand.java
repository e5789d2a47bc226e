package org.layerbook.interpreter.command.registry;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.PullResult;
import org.layerbook.engine.registry.Registry;
import org.layerbook.engine.registry.transfer.TransferListener;
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

/** {@code docker pull}. */
public final class PullCommand {
    public static final String DAEMON = "Error response from daemon: ";

    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("image pull"), Spelling.of("pull")),
            "[OPTIONS] NAME[:TAG|@DIGEST]",
            "Download an image from a registry",
            Arity.exactly(1),
            List.of(
                    OptionSpec.toggle('a', "all-tags", "Download all tagged images in the repository"),
                    OptionSpec.toggle("disable-content-trust", "Skip image verification (default true)"),
                    OptionSpec.text("platform", "Set platform if server is multi-platform\ncapable")
                            .oneOf("linux/amd64", "linux/arm64"),
                    OptionSpec.toggle('q', "quiet", "Suppress verbose output")),
            Completes.ONE_IMAGE,
            PullCommand::run);

    private PullCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        String argument = invocation.arguments().getFirst();
        Reference reference = reference(argument);
        boolean all = invocation.options().on("all-tags");
        boolean quiet = invocation.options().on("quiet");
        if (all && (reference.tag().isPresent() || reference.digest().isPresent())) {
            throw new CommandException("tag can't be used with --all-tags/-a", 1);
        }
        Optional<Platform> platform = platform(invocation);
        Registry registry = invocation.services().registries().get();
        try {
            if (all) {
                pullAll(reference, platform, registry, quiet, invocation);
            } else {
                pullOne(reference, platform, registry, quiet, invocation);
            }
        } catch (IOException e) {
            throw failure(e, true);
        }
        return Outcome.DONE;
    }

    public static Reference reference(String argument) throws CommandException {
        if (argument.startsWith("@")) {
            throw new CommandException("\"" + argument + "\" is an image of this session, not of a registry", 1);
        }
        try {
            return Reference.parse(argument);
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), 1);
        }
    }

    public static Optional<Platform> platform(Invocation invocation) throws CommandException {
        Optional<String> given = invocation.options().nonEmpty("platform");
        try {
            return given.map(Platform::parse);
        } catch (IllegalArgumentException e) {
            throw new CommandException(DAEMON + e.getMessage(), 1);
        }
    }

    /** Docker says who speaks only of what fails before it has begun to answer. */
    private static CommandException failure(IOException e, boolean atOnce) {
        return new CommandException((atOnce ? DAEMON : "") + DockerErrors.sentence(e), 1);
    }

    private static void pullOne(
            Reference given, Optional<Platform> platform, Registry registry, boolean quiet, Invocation invocation)
            throws CommandException, IOException {
        CommandContext context = invocation.context();
        Cancellation cancellation = context.cancellation();
        Reference wanted = given.tagged();
        if (quiet) {
            registry.pull(wanted, platform, TransferListener.NONE, cancellation);
            context.print(wanted + "\n");
            return;
        }
        var progress = new TransferProgress(context, false, System::nanoTime);
        if (!wanted.equals(given)) {
            progress.say("Using default tag: latest");
        }
        progress.announce(pulling(wanted));
        try {
            PullResult pulled = registry.pull(wanted, platform, progress, cancellation);
            progress.end(digest(pulled) + status(pulled.isNew(), named(wanted).familiar()) + wanted + "\n");
        } catch (IOException e) {
            progress.end("");
            throw failure(e, progress.isUnresolved());
        }
    }

    /** For a container whose image is not here: what there is to say goes to standard error. */
    public static void fetch(Reference wanted, Optional<Platform> platform, Invocation invocation)
            throws CommandException, IOException {
        CommandContext given = invocation.context();
        var context = new CommandContext(
                given.session(),
                given.stdin(),
                given.stderr(),
                given.stderr(),
                given.display(),
                given.workingDirectory(),
                given.environment(),
                given.cancellation());
        pullOne(
                wanted,
                platform,
                invocation.services().registries().get(),
                invocation.options().on("quiet"),
                new Invocation(
                        invocation.shownAs(),
                        invocation.options(),
                        invocation.arguments(),
                        invocation.services(),
                        context));
    }

    private static void pullAll(
            Reference repository, Optional<Platform> platform, Registry registry, boolean quiet, Invocation invocation)
            throws IOException {
        CommandContext context = invocation.context();
        boolean anythingNew = false;
        for (String tag : registry.tags(repository, context.cancellation())) {
            Reference wanted = repository.withTag(tag);
            if (quiet) {
                registry.pull(wanted, platform, TransferListener.NONE, context.cancellation());
                continue;
            }
            var progress = new TransferProgress(context, false, System::nanoTime);
            progress.announce(pulling(wanted));
            PullResult pulled = registry.pull(wanted, platform, progress, context.cancellation());
            anythingNew |= pulled.isNew();
            progress.end(digest(pulled));
        }
        context.print((quiet ? "" : status(anythingNew, repository.familiar())) + repository + "\n");
    }

    private static String pulling(Reference wanted) {
        String what = wanted.digest().isPresent()
                ? named(wanted).toString()
                : wanted.tag().orElseThrow();
        return what + ": Pulling from " + wanted.path();
    }

    /** Of a tag and a digest, the digest counts. */
    private static Reference named(Reference wanted) {
        return wanted.digest()
                .map(digest -> wanted.repository().withDigest(digest))
                .orElse(wanted);
    }

    private static String digest(PullResult pulled) {
        return "Digest: " + pulled.digest() + "\n";
    }

    private static String status(boolean isNew, String name) {
        return "Status: " + (isNew ? "Downloaded newer image for " : "Image is up to date for ") + name + "\n";
    }
}
