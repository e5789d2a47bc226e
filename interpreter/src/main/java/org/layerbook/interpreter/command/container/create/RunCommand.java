package org.layerbook.interpreter.command.container.create;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.container.ContainerRuntime;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerSpec;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.interpreter.command.container.attach.AttachedContainer;
import org.layerbook.interpreter.command.container.attach.DetachKeys;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.registry.PullCommand;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.ImageArgument;

/** {@code docker run} and {@code docker create}. */
public final class RunCommand {
    private static final String USAGE = "[OPTIONS] IMAGE [COMMAND] [ARG...]";

    public static final CommandSpec RUN = new CommandSpec(
            List.of(Spelling.of("container run"), Spelling.of("run")),
            USAGE,
            "Create and run a new container from an image",
            Arity.atLeast(1).optionsFirst(),
            CreateOptions.RUN,
            Completes.ONE_IMAGE,
            RunCommand::run);

    public static final CommandSpec CREATE = new CommandSpec(
            List.of(Spelling.of("container create"), Spelling.of("create")),
            USAGE,
            "Create a new container",
            Arity.atLeast(1).optionsFirst(),
            CreateOptions.ALL,
            Completes.ONE_IMAGE,
            invocation -> {
                invocation.context().print(create(invocation, true).id() + "\n");
                return Outcome.DONE;
            });

    private static final int INTERRUPTED = 130;

    private RunCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        boolean detached = invocation.options().on("detach");
        ContainerRuntime runtime;
        try {
            runtime = invocation.services().containers().runtime();
        } catch (ContainerException e) {
            throw failure(e);
        }
        DetachKeys keys = DetachKeys.of(invocation, DetachKeys.INVALID);
        Container container = create(invocation, !detached);
        try {
            if (detached) {
                runtime.start(container);
                note(runtime, invocation);
                invocation.context().print(container.id() + "\n");
                return Outcome.DONE;
            }
            return new Outcome.Done(attached(container, runtime, keys, invocation));
        } catch (ContainerException e) {
            if (container.spec().host().autoRemove()) {
                runtime.removeWithVolumes(container, true, new Cancellation());
            }
            throw failure(e);
        }
    }

    private static void note(ContainerRuntime runtime, Invocation invocation) throws IOException {
        Optional<String> note = invocation.context().display().isPresent() ? runtime.note() : Optional.empty();
        if (note.isPresent()) {
            invocation.context().printError("note: " + note.get() + "\n");
        }
    }

    private static CommandException failure(ContainerException e) {
        int status = e.kind() == ContainerException.Kind.NOT_STARTED ? e.exitCode() : SpecReader.NOT_RUN;
        return new CommandException(
                "docker: Error response from daemon: " + e.getMessage()
                        + "\n\nRun 'docker run --help' for more information",
                status);
    }

    /** Follows its output to the end. */
    private static int attached(Container container, ContainerRuntime runtime, DetachKeys keys, Invocation invocation)
            throws IOException {
        boolean signals = invocation.options().on("sig-proxy", true);
        var wish = new AttachedContainer.Wish(
                container.spec().terminal().openStdin(),
                keys,
                signals ? AttachedContainer.Interrupt.STOPS : AttachedContainer.Interrupt.DETACHES);
        invocation.services().containers().containers().events().record(container, "attach");
        var attached = new AttachedContainer(container, runtime, invocation.context(), wish);
        return switch (attached.follow(attach -> runtime.start(container, folder -> {
            note(runtime, invocation);
            attach.created(folder);
        }))) {
            case AttachedContainer.End.Exited(int status) -> status;
            case AttachedContainer.End.Left left -> left.byKeys() ? 0 : INTERRUPTED;
        };
    }

    private static Container create(Invocation invocation, boolean attached) throws CommandException, IOException {
        Image image = image(invocation);
        ContainerSpec spec = new SpecReader(invocation, image).read(attached);
        try {
            Container container = invocation
                    .services()
                    .containers()
                    .create(spec, invocation.options().nonEmpty("name"));
            Optional<String> file = invocation.options().nonEmpty("cidfile");
            if (file.isPresent()) {
                Path path = invocation.context().resolve(file.get());
                if (Files.exists(path)) {
                    throw new CommandException(
                            "docker: container ID file found, make sure the other container isn't running or delete "
                                    + file.get(),
                            SpecReader.NOT_RUN);
                }
                Files.writeString(path, container.id());
            }
            return container;
        } catch (ContainerException e) {
            throw failure(e);
        }
    }

    private static Image image(Invocation invocation) throws CommandException, IOException {
        String name = invocation.arguments().getFirst();
        if (name.startsWith("@")) {
            return ImageArgument.resolve(name, invocation).load(invocation.store());
        }
        String pull = invocation.options().nonEmpty("pull").orElse("missing");
        Optional<Platform> platform = PullCommand.platform(invocation);
        if (!pull.equals("always")) {
            try {
                return ImageArgument.resolve(name, invocation).load(invocation.store());
            } catch (CommandException e) {
                if (pull.equals("never") || !e.getMessage().contains("No such image")) {
                    throw new CommandException(
                            "docker: " + e.getMessage() + "\n\nRun 'docker run --help' for more information",
                            SpecReader.NOT_RUN);
                }
            }
        }
        Reference wanted = PullCommand.reference(name).tagged();
        if (pull.equals("missing")) {
            invocation.context().printError("Unable to find image '" + wanted.familiar() + "' locally\n");
        }
        try {
            PullCommand.fetch(wanted, platform, invocation);
        } catch (CommandException e) {
            throw new CommandException(
                    "docker: " + e.getMessage() + "\n\nRun 'docker run --help' for more information",
                    SpecReader.NOT_RUN);
        }
        return ImageArgument.resolve(name, invocation).load(invocation.store());
    }
}
