package org.layerbook.interpreter.command.registry;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.registry.StoredIndexes;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.command.spec.CommandException;

/** Which image {@code --platform} means, of those that a name stands for. */
public final class PlatformChoice {
    private PlatformChoice() {}

    /**
     * @param name that the image was found by
     * @param refused how docker begins its sentence
     */
    public static Image of(Image image, Reference name, Platform wanted, Store store, String refused)
            throws CommandException, IOException {
        var indexes = new StoredIndexes(store);
        Optional<Names.Name> stored = store.names().get(name);
        Optional<Descriptor> known = stored.isEmpty() ? Optional.empty() : indexes.of(stored.get());
        Optional<Index> index =
                known.isEmpty() ? Optional.empty() : indexes.read(known.get().digest());
        List<Image> images = index.isEmpty() ? List.of(image) : indexes.images(index.get());
        return images.stream()
                .filter(one -> one.config().platform().isSameMachine(wanted))
                .findFirst()
                .orElseThrow(() -> new CommandException(
                        refused + "image with reference " + name.familiar()
                                + " was found but does not provide the specified platform (" + wanted + ")",
                        1));
    }
}
