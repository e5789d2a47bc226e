package org.layerbook.engine.builder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.ImageConfig.History;
import org.layerbook.engine.snapshot.Snapshots;

/**
 * {@code docker build --squash} as the Docker Engine's own builder has it: the base keeps its layers, all that the stage
 * adds becomes one layer on them. The history stays, its entries without layers, and one more says what was merged.
 */
final class Squash {
    private Squash() {}

    /** @param image of {@code target}; its layers are in {@code snapshots} */
    static Image of(Image image, Stage target, Snapshots snapshots) throws IOException {
        Image base = target.steps().getFirst().image();
        Optional<Digest> parent = base.chainId();
        var layers = new ArrayList<>(base.layers());
        layers.add(merged(image, parent, snapshots));
        ImageConfig config = image.config();
        var changed = new ImageConfig(
                config.platform(),
                config.created(),
                config.author(),
                config.config(),
                layers.stream().map(Layer::diffId).toList(),
                history(image, base.config().history().size(), target.baseId()));
        return new Image(Bytes.of(changed.toJson()), changed, layers, Optional.empty());
    }

    private static Layer merged(Image image, Optional<Digest> parent, Snapshots snapshots) throws IOException {
        if (image.chainId().equals(parent)) {
            // As docker: one layer more, also where nothing has changed.
            try (Snapshots.Active nothing = snapshots.prepare(parent)) {
                return nothing.commit(Snapshots.CommitOptions.DEFAULT).layer();
            }
        }
        return snapshots.merge(parent, image.chainId().orElseThrow());
    }

    /** The time is that of the last step, and not now as docker has it: the same build gives the same image again. */
    private static List<History> history(Image image, int ofBase, Optional<Digest> baseId) {
        var history = new ArrayList<History>();
        for (History entry : image.config().history()) {
            boolean isNew = history.size() >= ofBase;
            history.add(new History(
                    entry.created(), entry.createdBy(), entry.author(), entry.comment(), isNew || entry.emptyLayer()));
        }
        String comment = baseId.map(base -> "merge " + image.id() + " to " + base)
                .orElseGet(() -> "create new from " + image.id());
        history.add(
                new History(image.config().created(), Optional.empty(), Optional.empty(), Optional.of(comment), false));
        return history;
    }
}
