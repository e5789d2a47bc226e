package org.layerbook.interpreter.command;

import java.io.IOException;
import java.util.Optional;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.Layer;
import org.layerbook.engine.store.Resource;

/** How much a thing that the build cache holds takes. */
final class CacheSizes {
    private CacheSizes() {}

    /** Bytes of one layer or blob. */
    static long size(CommandServices services, Resource.Kind kind, Digest digest) throws IOException {
        Optional<Layer> layer =
                kind == Resource.Kind.CHAIN ? services.snapshots().layer(digest) : Optional.empty();
        return layer.map(Layer::size)
                .or(() -> services.store().content().size(digest))
                .orElse(0L);
    }
}
