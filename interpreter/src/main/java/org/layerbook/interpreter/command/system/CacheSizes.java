package org.layerbook.interpreter.command.system;

import java.io.IOException;
import java.util.Optional;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.oci.Digest;
import org.layerbook.interpreter.command.spec.CommandServices;

/** How much a thing that the build cache holds takes. */
final class CacheSizes {
    private CacheSizes() {}

    /** Bytes of one layer or blob. */
    static long size(CommandServices services, GcRoot.Kind kind, Digest digest) throws IOException {
        Optional<Layer> layer = kind == GcRoot.Kind.CHAIN ? services.snapshots().layer(digest) : Optional.empty();
        return layer.map(Layer::size)
                .or(() -> services.store().content().size(digest))
                .orElse(0L);
    }
}
