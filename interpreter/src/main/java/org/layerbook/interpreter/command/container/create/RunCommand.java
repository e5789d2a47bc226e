package org.layerbook.interpreter.command.container.create;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.container.ContainerRuntime;
import org.layerbook.engine.container.state.Attachment;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerSpec;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.RawTerminal;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.registry.PullCommand;
import org.layerbook.interpreter.command.spec.CommandContext;
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

    private RunCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        boolean detached = invocation.options().on("detach");
        ContainerRuntime runtime;
        try {
            runtime = invocation.services().containers().runtime();
        } catch (ContainerException e) {
            throw failure(e);
        }
        Container container = create(invocation, !detached);
        try {
            if (detached) {
                runtime.start(container);
                note(runtime, invocation);
                invocation.context().print(container.id() + "\n");
                return Outcome.DONE;
            }
            return new Outcome.Done(attached(container, runtime, invocation));
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

    /** On the user's terminal, where there is one. @return empty where there is none */
    private static Optional<Integer> onTerminal(Container container, ContainerRuntime runtime, Invocation invocation)
            throws IOException {
        ContainerSpec.Terminal terminal = container.spec().terminal();
        Optional<CellOutput> display = invocation.context().display();
        if (!terminal.tty() || !terminal.openStdin() || display.isEmpty()) {
            return Optional.empty();
        }
        boolean[] detached = {false};
        boolean done = display.get().withRawTerminal(raw -> {
            var attachment = new Attachment[1];
            runtime.start(container, folder -> {
                note(runtime, invocation);
                var keys = new DetachKeys(raw.keys(), () -> {
                    detached[0] = true;
                    attachment[0].detach();
                });
                attachment[0] = Attachment.begin(folder, new ProcessIo(keys, raw.screen(), raw.screen()));
                Attachment.resize(folder.path(), raw.rows(), raw.columns());
                raw.onResize(() -> resize(folder.path(), raw));
            });
            try (Attachment attached = attachment[0]) {
                attached.await();
            }
        });
        if (!done) {
            return Optional.empty();
        }
        return Optional.of(
                detached[0] ? 0 : runtime.await(container, new Cancellation()).orElse(0));
    }

    private static void resize(Path folder, RawTerminal raw) {
        try {
            Attachment.resize(folder, raw.rows(), raw.columns());
        } catch (IOException e) {
            // It has ended meanwhile.
        }
    }

    /** Follows its output to the end. An interrupt goes to its process, as a terminal's would. */
    private static int attached(Container container, ContainerRuntime runtime, Invocation invocation)
            throws IOException {
        Optional<Integer> status = onTerminal(container, runtime, invocation);
        if (status.isPresent()) {
            return status.get();
        }
        CommandContext context = invocation.context();
        ContainerSpec.Terminal terminal = container.spec().terminal();
        var io = new ProcessIo(
                terminal.openStdin() ? context.stdin() : ProcessIo.NO_INPUT, context.stdout(), context.stderr());
        var attachment = new Attachment[1];
        invocation.services().containers().containers().events().record(container, "attach");
        runtime.start(container, folder -> {
            note(runtime, invocation);
            attachment[0] = Attachment.begin(folder, io);
        });
        try (Attachment attached = attachment[0];
                var _ = context.cancellation().onCancel(() -> interrupt(container, runtime))) {
            attached.await();
        }
        return runtime.await(container, new Cancellation()).orElse(0);
    }

    private static void interrupt(Container container, ContainerRuntime runtime) {
        Thread.ofPlatform().daemon().name("interrupts " + container.name()).start(() -> {
            try {
                runtime.stop(container, Optional.of("SIGINT"), Optional.empty(), new Cancellation());
            } catch (IOException e) {
                // It has ended meanwhile, or `docker kill` says why it cannot be killed.
            }
        });
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
