package org.layerbook.engine.build;

import java.time.Duration;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.Layer;

/**
 * A step that was carried out: data for views, {@code %why} and {@code %dockerfile}.
 *
 * @param parentChain the file system it was run on
 * @param layer what it added; absent where it changed only the config
 * @param changes empty where there is no layer; for FROM too
 * @param key absent for steps that are not cached (FROM, metadata)
 */
public record StepRecord(
        Instruction instruction,
        Optional<Digest> parentChain,
        Optional<Layer> layer,
        LayerChanges changes,
        boolean cached,
        Duration time,
        Optional<CacheKey> key) {}
