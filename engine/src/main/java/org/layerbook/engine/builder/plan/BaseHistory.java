package org.layerbook.engine.builder.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.ImageConfig.History;

/**
 * The history that a stage takes over from its base image: as many entries with a layer as the image has layers. Images
 * made by other tools have none, too few or too many. BuildKit evens that out when it exports the built image, at the end
 * of its history, where the entries then name the wrong layers; here it is done before the stage adds its own.
 */
final class BaseHistory {
    static final String EXPORTER_COMMENT = "buildkit.exporter.image.v0";

    private BaseHistory() {}

    /** @param name of the image, in full, for the entries of layers that its history does not mention */
    static List<History> of(ImageConfig base, String name) {
        int layers = base.diffIds().size();
        var history = new ArrayList<History>();
        int made = 0;
        for (History entry : base.history()) {
            boolean empty = entry.emptyLayer() || made == layers;
            made += empty ? 0 : 1;
            history.add(new History(entry.created(), entry.createdBy(), entry.author(), entry.comment(), empty));
        }
        for (; made < layers; made++) {
            history.add(new History(
                    base.created(),
                    Optional.of("pulled from " + name),
                    Optional.empty(),
                    Optional.of(EXPORTER_COMMENT),
                    false));
        }
        return List.copyOf(history);
    }
}
