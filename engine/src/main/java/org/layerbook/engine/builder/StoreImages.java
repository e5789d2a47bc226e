package org.layerbook.engine.builder;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.step.ImageSource;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.registry.StoredIndexes;
import org.layerbook.engine.store.Store;

/** The images that are in the store already, by name, id or the beginning of an id. Fetches nothing. */
public final class StoreImages implements ImageSource {
    private static final String LATEST = ":latest";

    private final Images images;
    private final Names names;

    private final StoredIndexes indexes;

    public StoreImages(Store store) {
        this.images = store.images();
        this.names = store.names();
        this.indexes = new StoredIndexes(store);
    }

    @Override
    public Optional<Image> find(String name, Platform platform, Progress progress, Cancellation cancellation)
            throws IOException {
        return switch (images.resolve(name)) {
            case Images.Resolution.Found found -> found(found, platform);
            case Images.Resolution.Missing missing -> Optional.empty();
            case Images.Resolution.Ambiguous ambiguous ->
                throw new StoreException(
                        name + " matches " + ambiguous.ids().size() + " image IDs: use a longer prefix");
            case Images.Resolution.Invalid invalid -> throw new StoreException(invalid.message());
        };
    }

    @Override
    public Optional<Image> atHand(String name, Platform platform) {
        try {
            return find(name, platform, (what, done, total) -> {}, new Cancellation());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The image, or another one of the index that its name stands for. */
    private Optional<Image> found(Images.Resolution.Found found, Platform platform) throws IOException {
        Optional<Image> image = images.get(found.id());
        if (image.isEmpty() || fits(image.get(), platform) || found.name().isEmpty()) {
            return image.filter(its -> fits(its, platform));
        }
        Optional<Names.Name> name = names.get(found.name().get());
        Optional<Descriptor> described = name.isEmpty() ? Optional.empty() : indexes.of(name.get());
        Optional<Index> index = described.isEmpty()
                ? Optional.empty()
                : indexes.read(described.get().digest());
        return index.isEmpty()
                ? Optional.empty()
                : indexes.images(index.get()).stream()
                        .filter(its -> fits(its, platform))
                        .findFirst();
    }

    private static boolean fits(Image image, Platform platform) {
        Platform its = image.config().platform().normalized();
        Platform wanted = platform.normalized();
        return its.os().equals(wanted.os()) && its.architecture().equals(wanted.architecture());
    }

    @Override
    public List<String> knownNames() {
        try {
            return names.list().stream()
                    .filter(name -> name.reference().tag().isPresent())
                    .map(name -> name.reference().familiar())
                    .map(name -> name.endsWith(LATEST) ? name.substring(0, name.length() - LATEST.length()) : name)
                    .toList();
        } catch (IOException e) {
            // Only for a hint in a message.
            return List.of();
        }
    }
}
