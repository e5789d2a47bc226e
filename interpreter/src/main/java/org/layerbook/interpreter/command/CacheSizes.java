package org.layerbook.interpreter.command;

import java.io.IOException;
import java.util.HashSet;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.CacheRecords;
import org.layerbook.engine.store.Resource;
import org.layerbook.engine.store.Store;

/** How many bytes only the build cache holds. */
final class CacheSizes {
    private CacheSizes() {}

    /** Bytes of blobs that cache records hold. What an image has too is the image's, not the cache's. */
    static long bytes(Store store, SharedSizes ofImages) throws IOException {
        var blobs = new HashSet<Digest>();
        for (CacheRecords.Record record : store.cache().list()) {
            record.holds().stream()
                    .filter(resource -> resource.kind() == Resource.Kind.BLOB)
                    .map(Resource::digest)
                    .filter(digest -> !ofImages.knows(digest))
                    .forEach(blobs::add);
        }
        return blobs.stream()
                .mapToLong(blob -> store.content().size(blob).orElse(0L))
                .sum();
    }
}
