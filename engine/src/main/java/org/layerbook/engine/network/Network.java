package org.layerbook.engine.network;

import java.time.Instant;
import java.util.Map;

/**
 * A network of containers: a bridge with addresses.
 *
 * @param id 64 hexadecimal digits
 * @param bridge the interface in the keeper's network namespace
 * @param internal without a way out
 */
public record Network(
        String name,
        String id,
        Instant created,
        Subnet subnet,
        String bridge,
        boolean internal,
        Map<String, String> labels,
        Map<String, String> options) {
    /** The one that a container is in unless it asks for another. */
    public static final String DEFAULT = "bridge";

    public Network {
        labels = Map.copyOf(labels);
        options = Map.copyOf(options);
    }

    /** Whether it is there without anybody having made it. Names of containers are no names in it. */
    public boolean isDefault() {
        return name.equals(DEFAULT);
    }
}
