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

    /** Reads a descriptor inside another document; members that this does not know are passed over. */
    public static Descriptor read(Json json) throws MalformedException {
        return DescriptorWire.read(json);
    }

    /** Writes the members of this descriptor's object. */
    public void write(GoJson json) {
        DescriptorWire.write(json, this);
    }
}
