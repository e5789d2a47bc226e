package org.layerbook.engine.container;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.snapshot.Snapshots;

/**
 * What {@code docker commit} makes of a container besides its files.
 *
 * @param config of the image
 * @param pause whether its processes stand still meanwhile
 */
public record ContainerCommit(ContainerConfig config, String author, String comment, boolean pause, Instant now) {
    /** @param base absent where the image of the container has been removed */
    Image image(Container container, Optional<Image> base, Snapshots.Committed committed) throws IOException {
        Image below = base.orElseThrow(() -> new ContainerException(
                Kind.MISSING, "No such image: " + container.spec().image()));
        boolean empty = committed.layer().diffId().equals(EMPTY);
        var layers = new ArrayList<Layer>(below.layers());
        var diffIds = new ArrayList<Digest>(below.config().diffIds());
        if (!empty) {
            layers.add(committed.layer());
            diffIds.add(committed.layer().diffId());
        }
        var history = new ArrayList<>(below.config().history());
        history.add(new ImageConfig.History(
                Optional.of(now.toString()),
                container
                        .spec()
                        .config()
                        .cmd()
                        .map(words -> String.join(" ", words))
                        .filter(text -> !text.isEmpty()),
                Optional.of(author).filter(text -> !text.isEmpty()),
                Optional.of(comment).filter(text -> !text.isEmpty()),
                empty));
        var made = new ImageConfig(
                below.config().platform(),
                Optional.of(now.toString()),
                Optional.of(author).filter(text -> !text.isEmpty()),
                config,
                diffIds,
                history);
        Bytes bytes = Bytes.of(made.toJson());
        return new Image(bytes, ImageConfig.parse(bytes.toArray()), List.copyOf(layers), Optional.empty());
    }

    /** The tar of a layer without a change. */
    private static final Digest EMPTY =
            Digest.parse("sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef");
}
