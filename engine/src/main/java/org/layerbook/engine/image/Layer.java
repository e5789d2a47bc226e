package org.layerbook.engine.image;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;

/**
 * One layer at its place in an image.
 *
 * @param diffId digest of the uncompressed tar
 * @param chainId this layer on those below it (OCI image specification, "Layer ChainID"); names its snapshot
 * @param size bytes of the regular files in it and of the targets of symbolic links: what {@code docker history} shows
 *     of a loaded image
 * @param blob the compressed blob it was pulled or loaded as, or was once written as; absent while it is only a tree
 */
public record Layer(Digest diffId, Digest chainId, long size, Optional<Descriptor> blob) {
    /** The chain ID of {@code diffId} on {@code parentChain}. */
    public static Digest chain(Optional<Digest> parentChain, Digest diffId) {
        return parentChain
                .map(parent -> Digest.sha256((parent + " " + diffId).getBytes(StandardCharsets.US_ASCII)))
                .orElse(diffId);
    }

    /** This layer, known to be in {@code blob}. */
    public Layer withBlob(Descriptor blob) {
        return new Layer(diffId, chainId, size, Optional.of(blob));
    }
}
