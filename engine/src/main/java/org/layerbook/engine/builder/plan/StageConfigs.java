package org.layerbook.engine.builder.plan;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;

/** Makes images of drafts. */
public final class StageConfigs {
    private StageConfigs() {}

    public static Image image(StageConfig draft, List<Layer> layers) {
        List<Digest> diffIds = layers.stream().map(Layer::diffId).toList();
        List<ImageConfig.History> history = HistoryTimes.filledIn(draft.history());
        Optional<String> created =
                history.isEmpty() ? Optional.empty() : history.getLast().created();
        var config = new ImageConfig(draft.platform(), created, draft.author(), draft.config(), diffIds, history);
        return new Image(Bytes.lazily(config::toJson), config, layers, Optional.empty());
    }
}
