package org.layerbook.engine.builder.cache;

import java.util.List;
import java.util.Map;
import org.layerbook.engine.builder.step.CacheKey;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.Digest;

/**
 * What a build's steps gave, for those who write it down for other machines.
 *
 * @param answers see {@link org.layerbook.engine.cache.CacheContents}
 */
public record BuiltCache(List<Step> steps, Map<Digest, Digest> answers) {
    public static final BuiltCache NONE = new BuiltCache(List.of(), Map.of());

    public BuiltCache {
        steps = List.copyOf(steps);
        answers = Map.copyOf(answers);
    }

    /**
     * @param created RFC 3339
     * @param inImage whether the image of the build has the layer
     */
    public record Step(CacheKey key, Layer layer, String created, boolean inImage) {}
}
