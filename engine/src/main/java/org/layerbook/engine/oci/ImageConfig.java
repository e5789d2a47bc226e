package org.layerbook.engine.oci;

import java.util.List;
import java.util.Optional;

/**
 * An image's configuration (OCI image specification, "Image Configuration", with docker's additions). Immutable; the
 * wire form is read and written beside it. A config that came from elsewhere is stored as the bytes it came in: this record
 * is what is read out of it, and what a build writes.
 *
 * @param created RFC 3339, as written
 */
public record ImageConfig(
        Platform platform,
        Optional<String> created,
        Optional<String> author,
        ContainerConfig config,
        List<Digest> diffIds,
        List<History> history) {
    public ImageConfig {
        diffIds = List.copyOf(diffIds);
        history = List.copyOf(history);
    }

    /**
     * Reads a config of OCI's form or docker's; members that this does not know are passed over.
     *
     * @throws MalformedException says what is wrong, and where in the document
     */
    public static ImageConfig parse(byte[] bytes) throws MalformedException {
        return ImageConfigWire.read(bytes);
    }

    /** The bytes that BuildKit would write for this config. */
    public byte[] toJson() {
        return ImageConfigWire.write(this);
    }

    /** @param created RFC 3339 */
    public record History(
            Optional<String> created,
            Optional<String> createdBy,
            Optional<String> author,
            Optional<String> comment,
            boolean emptyLayer) {}
}
