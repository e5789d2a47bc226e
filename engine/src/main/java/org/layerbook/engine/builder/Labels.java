package org.layerbook.engine.builder;

import java.util.LinkedHashMap;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.StageConfig;
import org.layerbook.engine.builder.plan.StageConfigs;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.image.Image;

/** {@code --label}: adds to the target's labels and makes no history. */
final class Labels {
    private Labels() {}

    static Image on(Stage target, BuildSettings settings) {
        if (settings.labels().isEmpty()) {
            return target.image();
        }
        StageConfig draft = target.draft();
        var labels = new LinkedHashMap<>(draft.config().labels());
        labels.putAll(settings.labels());
        return StageConfigs.image(
                draft.withConfig(draft.config().withLabels(labels)),
                target.image().layers());
    }
}
