package org.layerbook.engine.cache;

import java.io.IOException;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.oci.Descriptor;

/** A cache that was found and read, but for its layers. Thread-safe. */
public interface OpenedCache {
    CacheContents contents();

    /** Brings one of its layers into the store, verified. */
    void fetch(Descriptor blob, Cancellation cancellation) throws IOException;
}
