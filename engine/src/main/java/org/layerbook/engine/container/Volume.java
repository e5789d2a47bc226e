package org.layerbook.engine.container;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/**
 * A volume as it was found just now.
 *
 * @param options of the driver, which knows none that would have an effect
 * @param data the folder that is mounted
 */
public record Volume(String name, Instant created, Map<String, String> labels, Map<String, String> options, Path data) {
    /** docker's mark of volumes that were made for a container alone. */
    static final String ANONYMOUS = "com.docker.volume.anonymous";

    public Volume {
        labels = Map.copyOf(labels);
        options = Map.copyOf(options);
    }

    public boolean isAnonymous() {
        return labels.containsKey(ANONYMOUS);
    }
}
