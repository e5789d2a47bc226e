package org.layerbook.engine.oci;

import java.util.Map;
import java.util.Optional;

/** A typed pointer to content, as the OCI image specification, "Content Descriptors". */
public record Descriptor(
        String mediaType, Digest digest, long size, Map<String, String> annotations, Optional<Platform> platform) {
    public Descriptor {
        annotations = Map.copyOf(annotations);
    }

    public Descriptor(String mediaType, Digest digest, long size) {
        this(mediaType, digest, size, Map.of(), Optional.empty());
    }
}
