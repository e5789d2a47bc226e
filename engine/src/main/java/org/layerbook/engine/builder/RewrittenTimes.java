package org.layerbook.engine.builder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.archive.ImagePacker;
import org.layerbook.engine.builder.cache.RebasedLayers;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.layer.tar.ClampedTar;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.snapshot.Snapshots;

/**
 * The image in which no file of the layers that a build made is younger than SOURCE_DATE_EPOCH: BuildKit's
 * {@code rewrite-timestamp=true}. The layers of the base stay what they are. The manifest says of each other layer what was
 * done to it.
 */
final class RewrittenTimes {
    private static final String ANNOTATION = "buildkit/rewritten-timestamp";

    private final Snapshots snapshots;
    private final ImagePacker packer;
    private final Lease lease;

    RewrittenTimes(BuildServices services, Lease lease) {
        this.snapshots = services.snapshots();
        this.packer = services.packer();
        this.lease = lease;
    }

    /** @param ofBase how many layers are the base image's */
    Image of(Image image, int ofBase, long epoch) throws IOException {
        var layers = new ArrayList<>(image.layers().subList(0, ofBase));
        for (Layer layer : image.layers().subList(ofBase, image.layers().size())) {
            Optional<Digest> parent = layers.isEmpty()
                    ? Optional.empty()
                    : Optional.of(layers.getLast().chainId());
            Layer rewritten =
                    RebasedLayers.copy(snapshots, parent, layer, Optional.empty(), out -> new ClampedTar(out, epoch));
            lease.keep(GcRoot.chain(rewritten.chainId()));
            layers.add(rewritten.withBlob(
                    packer.blob(rewritten, lease).withAnnotations(Map.of(ANNOTATION, Long.toString(epoch)))));
        }
        ImageConfig config = image.config();
        var changed = new ImageConfig(
                config.platform(),
                config.created(),
                config.author(),
                config.config(),
                layers.stream().map(Layer::diffId).toList(),
                config.history());
        return packer.pack(new Image(Bytes.of(changed.toJson()), changed, layers, Optional.empty()), lease);
    }

    /** How many layers of {@code stage} are of the image that its first stage begins with. */
    static int layersOfBase(Stage stage, BuildState state) {
        Stage first = stage;
        Optional<Stage> below = state.baseOf(first);
        while (below.isPresent()) {
            first = below.get();
            below = state.baseOf(first);
        }
        return first.steps().getFirst().image().layers().size();
    }
}
