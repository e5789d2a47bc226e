package org.layerbook.engine.builder;

import java.util.LinkedHashMap;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.StageConfig;
import org.layerbook.engine.builder.plan.StageConfigs;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.Platform;

/** The image of the target, with what the options of the build say of it: {@code --label} and {@code --platform}. */
final class TargetImage {
    private TargetImage() {}

    static Image of(Stage target, BuildSettings settings) {
        StageConfig draft = onPlatform(labelled(target.draft(), settings), settings);
        return draft.equals(target.draft())
                ? target.image()
                : StageConfigs.image(draft, target.image().layers());
    }

    /** Labels of options make no history. */
    private static StageConfig labelled(StageConfig draft, BuildSettings settings) {
        var labels = new LinkedHashMap<>(draft.config().labels());
        labels.putAll(settings.labels());
        return settings.labels().isEmpty()
                ? draft
                : draft.withConfig(draft.config().withLabels(labels));
    }

    /** A platform that is given is the image's, also where the last FROM names another one. */
    private static StageConfig onPlatform(StageConfig draft, BuildSettings settings) {
        return settings.givenPlatform()
                .filter(given -> !covers(given, draft.platform()))
                .map(draft::withPlatform)
                .orElse(draft);
    }

    private static boolean covers(Platform given, Platform built) {
        return given.os().equals(built.os())
                && given.architecture().equals(built.architecture())
                && (given.variant().isEmpty() || given.variant().equals(built.variant()));
    }
}
