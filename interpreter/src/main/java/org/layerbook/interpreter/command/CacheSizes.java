package org.layerbook.interpreter.command;

import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.CacheRecords;
import org.layerbook.engine.store.Layer;
import org.layerbook.engine.store.Resource;

/** How many bytes only the build cache holds. */
final class CacheSizes {
    private CacheSizes() {}

    /** Bytes of layers and blobs that cache records hold and no image has. */
    static long bytes(CommandServices services, SharedSizes ofImages) throws IOException {
        Set<Resource> held = new HashSet<>();
        for (CacheRecords.Record record : services.store().cache().list()) {
            held.addAll(record.holds());
        }
        long bytes = 0;
        for (Resource resource : held) {
            if (!ofImages.knows(resource.digest())) {
                bytes += size(services, resource.kind(), resource.digest());
            }
        }
        return bytes;
    }

    /** Bytes that this record holds and no image has; another record may hold them too. */
    static long bytes(CommandServices services, CacheRecords.Record record, SharedSizes ofImages) throws IOException {
        long bytes = 0;
        for (Resource resource : record.holds()) {
            if (!ofImages.knows(resource.digest())) {
                bytes += size(services, resource.kind(), resource.digest());
            }
        }
        return bytes;
    }

    private static long size(CommandServices services, Resource.Kind kind, Digest digest) throws IOException {
        Optional<Layer> layer =
                kind == Resource.Kind.CHAIN ? services.snapshots().layer(digest) : Optional.empty();
        return layer.map(Layer::size)
                .or(() -> services.store().content().size(digest))
                .orElse(0L);
    }
}
