package org.layerbook.engine.builder.step;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.oci.Digest;

/**
 * A step that was carried out: data for views, {@code %why} and {@code %dockerfile}.
 *
 * @param onBuild whether it is a trigger of the base image
 * @param argValues of an ARG: the values of its declarations, in their order
 * @param parentChain the file system it was run on
 * @param image the image after it
 * @param layer what it added; absent where it changed only the config
 * @param changes empty where there is no layer; for FROM too
 * @param key absent for steps that are not cached (FROM, metadata)
 * @param miss why it was not cached, where it could have been
 */
public record StepRecord(
        Instruction instruction,
        boolean onBuild,
        List<Optional<String>> argValues,
        Optional<Digest> parentChain,
        Image image,
        Optional<Layer> layer,
        LayerChanges changes,
        boolean cached,
        Duration time,
        Optional<CacheKey> key,
        Optional<CacheMiss> miss) {
    public StepRecord {
        argValues = List.copyOf(argValues);
    }
}
