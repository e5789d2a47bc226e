package org.layerbook.engine.builder.plan;

import java.util.List;
import org.layerbook.engine.cache.CachePlace;

/**
 * Caches besides the store's own.
 *
 * @param from looked into in order, where the store has no result
 * @param to written when the build has succeeded
 */
public record CacheOptions(List<CachePlace> from, List<Export> to) {
    public static final CacheOptions NONE = new CacheOptions(List.of(), List.of());

    public CacheOptions {
        from = List.copyOf(from);
        to = List.copyOf(to);
    }

    /** Where the results of a build go. */
    public sealed interface Export {
        /**
         * @param all the layers of every stage ({@code mode=max}), not only those that the image has; of the others the
         *     cache knows only what they would be
         * @param mayFail whether a failure is only a warning ({@code ignore-error=true})
         */
        record To(CachePlace place, boolean all, boolean mayFail) implements Export {}

        /** Into the image's own manifest. */
        record Inline() implements Export {}
    }

    public boolean wantsAllLayers() {
        return to.stream().anyMatch(export -> export instanceof Export.To(var _, boolean all, boolean _) && all);
    }

    public boolean isInline() {
        return to.stream().anyMatch(Export.Inline.class::isInstance);
    }
}
