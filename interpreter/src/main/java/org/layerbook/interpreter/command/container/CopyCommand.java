package org.layerbook.interpreter.command.container;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.container.ContainerFiles;
import org.layerbook.engine.container.DockerPaths;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.layer.TreeUnpacker.Owners;
import org.layerbook.engine.sandbox.ProcessSpec;
import org.layerbook.engine.sandbox.UserLookup;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.ImageArgument;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** {@code docker cp}: between a container and the host, and out of an image. */
public final class CopyCommand {
    private static final String LISTED = "Copy files/folders between a container and the local filesystem";

    public static final CommandSpec SPEC = new CommandSpec(
            List.of(
                    Spelling.of("container cp").listedAs(LISTED),
                    Spelling.of("cp").listedAs(LISTED)),
            """
            [OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-
            	docker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH""",
            """
            Copy files/folders between a container and the local filesystem

            Use '-' as the source to read a tar archive from stdin
            and extract it to a directory destination in a container.
            Use '-' as the destination to stream a tar archive of a
            container source to stdout.""",
            Arity.exactly(2),
            List.of(
                    OptionSpec.toggle('a', "archive", "Archive mode (copy all uid/gid information)"),
                    OptionSpec.toggle('L', "follow-link", "Always follow symbol link in SRC_PATH"),
                    OptionSpec.toggle(
                            'q',
                            "quiet",
                            "Suppress progress output during copy. Progress output is automatically suppressed if no terminal is attached")),
            Completes.FILE,
            CopyCommand::run);

    private final Invocation invocation;

    private CopyCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** @param container empty for a path of the host */
    private record Argument(String container, String path) {
        static Argument parse(String text) {
            int colon = text.indexOf(':');
            if (text.startsWith("/") || text.startsWith(".") || colon <= 0) {
                return new Argument("", text);
            }
            return new Argument(text.substring(0, colon), text.substring(colon + 1));
        }

        boolean isLocal() {
            return container.isEmpty();
        }
    }

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        String from = invocation.arguments().getFirst();
        String to = invocation.arguments().get(1);
        if (from.isEmpty() || to.isEmpty()) {
            throw new CommandException((from.isEmpty() ? "source" : "destination") + " can not be empty", 1);
        }
        Argument source = Argument.parse(from);
        Argument target = Argument.parse(to);
        if (source.isLocal() == target.isLocal()) {
            throw new CommandException(
                    source.isLocal()
                            ? "must specify at least one container source"
                            : "copying between containers is not supported",
                    1);
        }
        try {
            var command = new CopyCommand(invocation);
            if (source.isLocal()) {
                command.into(source.path(), target);
            } else {
                command.outOf(from, source, target.path());
            }
            return Outcome.DONE;
        } catch (ContainerException e) {
            throw new CommandException(ContainerCommands.DAEMON + e.getMessage(), 1);
        }
    }

    private String absolute(String path) {
        return DockerPaths.preserve(
                GoPath.clean(path.startsWith("/") ? path : invocation.context().workingDirectory() + "/" + path), path);
    }

    /** A container's files, or an image's where there is no container of that name. */
    private record Opened(ContainerFiles files, String path) {}

    private Opened open(String whole, Argument argument) throws CommandException, IOException {
        var engine = invocation.services().containers();
        Optional<Container> container = engine.containers().find(argument.container());
        if (container.isPresent()) {
            return new Opened(engine.files(container.get(), argument.container()), argument.path());
        }
        // A path in an image begins with a slash: before it a tag, or the port of a registry, may hold a colon.
        int colon = whole.indexOf(":/");
        String image = colon < 0 ? argument.container() : whole.substring(0, colon);
        String path = colon < 0 ? argument.path() : whole.substring(colon + 1);
        try {
            var found = ImageArgument.resolve(image, invocation).load(invocation.store());
            return new Opened(engine.imageFiles(found.chainId(), image), path);
        } catch (CommandException e) {
            throw new CommandException(
                    image.startsWith("@")
                            ? e.getMessage()
                            : ContainerCommands.DAEMON + "No such container: " + argument.container(),
                    1);
        }
    }

    private void outOf(String whole, Argument argument, String target) throws CommandException, IOException {
        boolean stream = target.equals("-");
        String local = stream ? target : absolute(target);
        if (!stream) {
            LocalCopy.checkTarget(local);
        }
        Opened opened = open(whole, argument);
        try (ContainerFiles files = opened.files()) {
            if (opened.path().isEmpty()) {
                throw new CommandException(ContainerCommands.DAEMON + "bad parameter: pathcannot be empty", 1);
            }
            LocalCopy.Place source = source(files, opened.path());
            String base = source.rebaseName().orElseGet(() -> DockerPaths.base(DockerPaths.absolute(source.path())));
            if (stream) {
                files.archive(
                        source.path(),
                        base.equals("/") ? "." : base,
                        invocation.context().stdout());
                invocation.context().stdout().flush();
                return;
            }
            LocalCopy.Plan plan = LocalCopy.plan(source, LocalCopy.target(local));
            long bytes = TarPipe.copy(
                    out -> files.archive(source.path(), plan.member(), out),
                    in -> LocalCopy.extract(plan.directory(), in));
            copied(bytes, local);
        }
    }

    private LocalCopy.Place source(ContainerFiles files, String path) throws IOException {
        ContainerFiles.Found found = null;
        String at = path;
        Optional<String> rebase = Optional.empty();
        if (invocation.options().on("follow-link")) {
            found = files.find(path);
            if (found.target().isPresent()) {
                at = DockerPaths.preserve(found.target().get(), path);
                if (!DockerPaths.base(path).equals(DockerPaths.base(at))) {
                    rebase = Optional.of(DockerPaths.base(path));
                }
            }
        }
        return new LocalCopy.Place(at, true, files.find(at).isDirectory(), rebase);
    }

    private void into(String source, Argument argument) throws CommandException, IOException {
        boolean stream = source.equals("-");
        Container container = invocation.services().containers().containers().get(argument.container());
        try (ContainerFiles files = invocation.services().containers().files(container, argument.container())) {
            LocalCopy.Place target = target(files, argument);
            Owners owners = owners(container);
            if (stream) {
                if (!target.directory()) {
                    throw new CommandException(
                            "destination \"" + argument.container() + ":" + argument.path() + "\" must be a directory",
                            1);
                }
                try (var raw = new BufferedInputStream(invocation.context().stdin(), 1 << 16)) {
                    extract(files, target.path(), Compression.decompressed(raw, limits()), owners);
                }
                return;
            }
            LocalCopy.Place local =
                    LocalCopy.source(absolute(source), invocation.options().on("follow-link"));
            LocalCopy.Plan plan = LocalCopy.plan(local, target);
            long bytes = TarPipe.copy(
                    out -> LocalCopy.archive(local, plan.member(), out),
                    in -> extract(files, plan.directory(), in, owners));
            copied(bytes, argument.container() + ":" + target.path());
        }
    }

    private org.layerbook.engine.layer.UnpackLimits limits() {
        return invocation.services().snapshots().limits();
    }

    /** What goes wrong there is what docker's daemon says. */
    private static void extract(ContainerFiles files, String directory, InputStream tar, Owners owners)
            throws IOException {
        try {
            files.extract(directory, tar, owners);
        } catch (ContainerException e) {
            throw e;
        } catch (IOException e) {
            throw new ContainerException(ContainerException.Kind.INVALID, e.getMessage());
        }
    }

    private static LocalCopy.Place target(ContainerFiles files, Argument argument)
            throws CommandException, IOException {
        String path = argument.path();
        try {
            ContainerFiles.Found found = files.find(path.isEmpty() ? "." : path);
            if (found.target().isPresent()) {
                path = found.target().get();
                found = files.find(path);
            }
            if (found.stat().isDevice()) {
                throw new CommandException(
                        "destination \"" + argument.container() + ":" + argument.path()
                                + "\" must be a directory or a regular file: got a device",
                        1);
            }
            boolean exists = !argument.path().isEmpty();
            return new LocalCopy.Place(path, exists, exists && found.isDirectory(), Optional.empty());
        } catch (ContainerException e) {
            return new LocalCopy.Place(path, false, false, Optional.empty());
        }
    }

    /** With {@code --archive} what is copied belongs to the user of the container, where it has one. */
    private Owners owners(Container container) throws IOException {
        String user = container.spec().config().user();
        if (!invocation.options().on("archive") || user.isEmpty()) {
            return new Owners.AsWritten();
        }
        try (Snapshots.View view =
                invocation.services().snapshots().view(container.spec().chain())) {
            ProcessSpec.Identity identity = new UserLookup(view.root()).process(user);
            return new Owners.One(identity.uid(), identity.gid());
        } catch (IllegalArgumentException e) {
            throw new ContainerException(ContainerException.Kind.INVALID, e.getMessage());
        }
    }

    private void copied(long bytes, String to) throws IOException {
        if (!invocation.options().on("quiet") && invocation.context().display().isPresent()) {
            invocation.context().printError("Successfully copied " + DockerUnits.size(bytes) + " to " + to + "\n");
        }
    }
}
