package org.layerbook.engine.snapshot;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.oci.Digest;

/**
 * What the layers asked for last have changed, so that a step found in the cache does not walk its layer's tree again. A
 * chain ID says all that decides it, so nothing here grows old. Thread-safe.
 */
final class KnownChanges {
    /** Files of all layers together; some 150 bytes each. */
    private static final int MAX_FILES = 40_000;

    private final Map<Digest, LayerChanges> changes = new LinkedHashMap<>(16, 0.75f, true);
    private long files;

    synchronized Optional<LayerChanges> find(Digest chainId) {
        return Optional.ofNullable(changes.get(chainId));
    }

    /** Those not asked for the longest time make room; what is too large for all of it is not kept. */
    synchronized void put(Digest chainId, LayerChanges of) {
        int size = of.changes().size();
        if (size > MAX_FILES || changes.putIfAbsent(chainId, of) != null) {
            return;
        }
        files += size;
        var oldest = changes.values().iterator();
        while (files > MAX_FILES) {
            files -= oldest.next().changes().size();
            oldest.remove();
        }
    }
}
