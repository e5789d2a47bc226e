package org.layerbook.engine.image;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;

/**
 * An image, stored or being built. Immutable: a change gives a new image.
 *
 * @param configBytes the config as it stands in the store or will be written; never re-encoded
 * @param layers bottom first; as many as {@code config.diffIds()}
 * @param manifest of an image that came from elsewhere or was once saved or pushed
 */
public record Image(Bytes configBytes, ImageConfig config, List<Layer> layers, Optional<Descriptor> manifest) {
    public Image {
        layers = List.copyOf(layers);
        if (layers.size() != config.diffIds().size()) {
            throw new IllegalArgumentException(
                    layers.size() + " layers, but " + config.diffIds().size() + " diff IDs in the config");
        }
    }

    /** The image as it stands under a name, with the manifest that the name stands for. */
    public Image under(Names.Name name) {
        return name.index().isPresent() ? this : withManifest(name.manifest());
    }

    /** The same image; without a manifest it gets one of its own when it leaves the store. */
    public Image withManifest(Optional<Descriptor> itsManifest) {
        return new Image(configBytes, config, layers, itsManifest);
    }

    /** The config's digest: docker's image ID. */
    public Digest id() {
        return configBytes.digest();
    }

    /** The chain ID of the top layer; absent when there is no layer. */
    public Optional<Digest> chainId() {
        return layers.isEmpty()
                ? Optional.empty()
                : Optional.of(layers.getLast().chainId());
    }

    /** Bytes of the files in all layers, what {@code docker images} shows. */
    public long size() {
        return layers.stream().mapToLong(Layer::size).sum();
    }
}
