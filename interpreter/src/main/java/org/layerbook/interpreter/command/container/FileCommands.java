package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.container.ContainerCommit;
import org.layerbook.engine.container.ContainerEngine;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Reference;
import org.layerbook.interpreter.command.image.ArchiveCommands;
import org.layerbook.interpreter.command.image.ImportChanges;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;

/** {@code docker diff}, {@code commit} and {@code export}. */
public final class FileCommands {
    public static final CommandSpec DIFF = new CommandSpec(
            List.of(Spelling.of("container diff"), Spelling.of("diff")),
            "CONTAINER",
            "Inspect changes to files or directories on a container's filesystem",
            Arity.exactly(1),
            List.of(),
            Completes.NOTHING,
            FileCommands::diff);

    public static final CommandSpec COMMIT = new CommandSpec(
            List.of(Spelling.of("container commit"), Spelling.of("commit")),
            "[OPTIONS] CONTAINER [REPOSITORY[:TAG]]",
            "Create a new image from a container's changes",
            Arity.between(1, 2),
            List.of(
                    OptionSpec.text('a', "author", "Author (e.g., \"John Hannibal Smith <hannibal@a-team.com>\")"),
                    OptionSpec.of(
                            Kind.LIST, "list", 'c', "change", "Apply Dockerfile instruction to the created image"),
                    OptionSpec.text('m', "message", "Commit message"),
                    OptionSpec.toggle('p', "pause", "Pause container during commit (default true)")),
            Completes.NOTHING,
            FileCommands::commit);

    public static final CommandSpec EXPORT = new CommandSpec(
            List.of(Spelling.of("container export"), Spelling.of("export")),
            "[OPTIONS] CONTAINER",
            "Export a container's filesystem as a tar archive",
            Arity.exactly(1),
            List.of(OptionSpec.text('o', "output", "Write to a file, instead of STDOUT")),
            Completes.NOTHING,
            FileCommands::export);

    private FileCommands() {}

    private static Outcome diff(Invocation invocation) throws CommandException, IOException {
        ContainerEngine engine = invocation.services().containers();
        try {
            Container container = engine.containers().get(invocation.arguments().getFirst());
            var text = new StringBuilder();
            for (LayerChanges.Change change : engine.differences(container).changes()) {
                char letter = switch (change.kind()) {
                    case ADDED -> 'A';
                    case MODIFIED -> 'C';
                    case DELETED -> 'D';
                };
                text.append(letter).append(' ').append(change.path()).append('\n');
            }
            invocation.context().print(text.toString());
            return Outcome.DONE;
        } catch (ContainerException e) {
            throw new CommandException(ContainerCommands.DAEMON + e.getMessage(), 1);
        }
    }

    private static Outcome commit(Invocation invocation) throws CommandException, IOException {
        Optional<Reference> name;
        try {
            name = invocation.arguments().size() > 1
                    ? Optional.of(invocation.arguments().get(1))
                            .filter(text -> !text.isEmpty())
                            .map(Reference::parse)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new CommandException(e.getMessage(), 1);
        }
        ContainerEngine engine = invocation.services().containers();
        var options = invocation.options();
        try {
            Container container = engine.containers().get(invocation.arguments().getFirst());
            ContainerConfig config = ImportChanges.apply(container.spec().config(), options.list("change"));
            var what = new ContainerCommit(
                    config,
                    options.text("author").orElse(""),
                    options.text("message").orElse(""),
                    !options.given("pause") || options.on("pause"),
                    invocation.now());
            Image image = engine.commit(container, what, name);
            invocation.context().print(image.id() + "\n");
            return Outcome.DONE;
        } catch (ContainerException e) {
            throw new CommandException(ContainerCommands.DAEMON + e.getMessage(), 1);
        }
    }

    private static Outcome export(Invocation invocation) throws CommandException, IOException {
        Optional<String> output = invocation.options().nonEmpty("output");
        if (output.isEmpty() && invocation.context().display().isPresent()) {
            throw new CommandException("cowardly refusing to save to a terminal. Use the -o flag or redirect", 1);
        }
        Optional<Path> file = output.map(invocation.context()::resolve);
        if (file.isPresent()) {
            ArchiveCommands.checkOutput(file.get(), "failed to export container: ");
        }
        ContainerEngine engine = invocation.services().containers();
        try {
            Container container = engine.containers().get(invocation.arguments().getFirst());
            if (file.isPresent()) {
                exportTo(file.get(), container, engine);
            } else {
                engine.export(container, invocation.context().stdout());
                invocation.context().stdout().flush();
            }
            return Outcome.DONE;
        } catch (ContainerException e) {
            throw new CommandException(ContainerCommands.DAEMON + e.getMessage(), 1);
        }
    }

    /** The file is there whole or not at all. */
    private static void exportTo(Path file, Container container, ContainerEngine engine) throws IOException {
        Path made = Files.createTempFile(file.toAbsolutePath().getParent(), ".layerbook-export", ".tmp");
        try {
            try (OutputStream out = Files.newOutputStream(made)) {
                engine.export(container, out);
            }
            Files.move(made, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }
}
