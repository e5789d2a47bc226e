package org.layerbook.interpreter.command.image;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.ImageArgument;

/** {@code docker tag}. */
public final class TagCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("image tag"), Spelling.of("tag")),
            "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]",
            "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
            Arity.exactly(2).optionsFirst(),
            List.of(),
            Completes.ONE_IMAGE,
            TagCommand::run);

    private static final Pattern HEX = Pattern.compile("(sha256:)?[0-9a-f]+");

    private TagCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        String target = invocation.arguments().get(1);
        Reference name = name(target);
        String first = invocation.arguments().getFirst();
        checkSource(first);
        ImageArgument source = ImageArgument.resolve(first, invocation);
        Store store = invocation.store();
        if (source.ofSession().isPresent()) {
            store.images().put(source.ofSession().get());
        }
        store.names().set(name, source.id(), target(source, store));
        return Outcome.DONE;
    }

    /** A name stands for what the other name stands for; an ID, for the image with the manifest that it came with. */
    private static Optional<Descriptor> target(ImageArgument source, Store store) throws CommandException, IOException {
        if (source.ofSession().isPresent()) {
            return Optional.empty();
        }
        return source.name().isPresent()
                ? store.names().get(source.name().get()).flatMap(Names.Name::target)
                : source.load(store).manifest();
    }

    /** The client reads both names itself, so that what is wrong with one is not the daemon's to say. */
    private static void checkSource(String source) throws CommandException {
        try {
            if (!source.startsWith("@") && !HEX.matcher(source).matches()) {
                Reference.parse(source);
            }
        } catch (IllegalArgumentException e) {
            throw malformed(source, e);
        }
    }

    private static CommandException malformed(String name, IllegalArgumentException why) {
        return new CommandException(
                "Error parsing reference: \"" + name + "\" is not a valid repository/tag: " + why.getMessage(), 1);
    }

    private static Reference name(String target) throws CommandException {
        if (target.startsWith("@")) {
            throw new CommandException(
                    "\"" + target + "\" refers to an image of this session and cannot be used as a tag", 1);
        }
        try {
            Reference name = Reference.parse(target);
            if (name.digest().isPresent()) {
                throw new CommandException("refusing to create a tag with a digest reference", 1);
            }
            return name.tagged();
        } catch (IllegalArgumentException e) {
            throw malformed(target, e);
        }
    }
}
