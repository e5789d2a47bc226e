package org.layerbook.engine.builder.step;

import java.util.List;

/**
 * Why a step was not taken from the cache, for {@code %why} and {@code --progress=plain}.
 *
 * @param changed names of the key's parts that differ from the closest earlier key of this instruction; empty when
 *     there is none such
 * @param explanation one sentence
 */
public record CacheMiss(List<String> changed, String explanation) {
    public CacheMiss {
        changed = List.copyOf(changed);
    }
}
