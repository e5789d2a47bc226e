package org.layerbook.engine.cache;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;

/**
 * What a step gave, as one machine tells it another.
 *
 * @param key of the step
 * @param parts digests of the key's named parts: enough to say which of them differ, and no build argument can be read
 *     from them
 * @param diffId of the layer
 * @param size bytes of the files in it
 * @param created when it was made, RFC 3339
 * @param blob the layer; absent where the cache knows only what the step would give ({@code mode=min})
 */
public record CachedStep(
        Digest key, Map<String, Digest> parts, Digest diffId, long size, String created, Optional<Descriptor> blob) {
    public CachedStep {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }
}
