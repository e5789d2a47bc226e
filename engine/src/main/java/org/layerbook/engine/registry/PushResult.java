package org.layerbook.engine.registry;

import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;

/**
 * An image that was pushed.
 *
 * @param digest of the manifest or index that the reference has at the registry now
 * @param document the same, as the content store has it
 */
public record PushResult(Reference reference, Digest digest, Descriptor document) {
    /** Bytes of the document. */
    public long size() {
        return document.size();
    }
}
