package org.layerbook.interpreter.command.spec;

import java.io.IOException;
import java.util.Optional;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Images.Resolution;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;

/**
 * What an argument that names an image means: an image of the store, by name, id or the beginning of one; or one of the
 * session, by {@code @}.
 *
 * @param name when it was found by a name of the store
 * @param ofSession when it was found by a reference into the session
 */
public record ImageArgument(Digest id, Optional<Reference> name, Optional<Image> ofSession) {
    private static final String DAEMON = "Error response from daemon: ";

    /** @throws CommandException with docker's sentence, when there is no such image */
    public static ImageArgument resolve(String text, Invocation invocation) throws CommandException, IOException {
        if (text.startsWith("@")) {
            Image image = session(text, invocation);
            return new ImageArgument(image.id(), Optional.empty(), Optional.of(image));
        }
        return switch (invocation.store().images().resolve(text)) {
            case Resolution.Found found -> new ImageArgument(found.id(), found.name(), Optional.empty());
            case Resolution.Missing missing -> throw noSuchImage(missing.familiar());
            case Resolution.Ambiguous ambiguous ->
                throw new CommandException(
                        DAEMON + "No such image: " + ambiguous.prefix() + ": "
                                + ambiguous.ids().size() + " image IDs begin with it",
                        1);
            case Resolution.Invalid invalid -> throw new CommandException(DAEMON + invalid.message(), 1);
        };
    }

    public static CommandException noSuchImage(String name) {
        return new CommandException(DAEMON + "No such image: " + name, 1);
    }

    private static Image session(String reference, Invocation invocation) throws CommandException {
        var session = invocation.context().session();
        Optional<Image> image = session.resolve(reference);
        if (image.isPresent()) {
            return image.get();
        }
        var known = session.references();
        String instead = known.isEmpty()
                ? "there is no live image yet, start with FROM"
                : "this session has " + String.join(", ", known);
        throw new CommandException("No such image: " + reference + " (" + instead + ")", 1);
    }

    /** The image itself. */
    public Image load(Store store) throws CommandException, IOException {
        if (ofSession.isPresent()) {
            return ofSession.get();
        }
        return store.images().get(id).orElseThrow(() -> noSuchImage(id.toString()));
    }
}
