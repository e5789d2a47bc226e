package org.layerbook.engine.oci;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.golang.GoJson;

/**
 * A typed pointer to content, as the OCI image specification, "Content Descriptors".
 *
 * @param urls other places that have the content, for layers that no registry may give out
 * @param artifactType what a manifest is, where it is no image: a signature, an SBOM
 */
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        List<String> urls,
        Map<String, String> annotations,
        Optional<Platform> platform,
        Optional<String> artifactType) {
    public Descriptor {
        urls = List.copyOf(urls);
        annotations = Map.copyOf(annotations);
    }

    public Descriptor(
            String mediaType, Digest digest, long size, Map<String, String> annotations, Optional<Platform> platform) {
        this(mediaType, digest, size, List.of(), annotations, platform, Optional.empty());
    }

    public Descriptor(String mediaType, Digest digest, long size) {
        this(mediaType, digest, size, Map.of(), Optional.empty());
    }

    /** The same content, for {@code itsPlatform}. */
    public Descriptor withPlatform(Platform itsPlatform) {
        return new Descriptor(mediaType, digest, size, urls, annotations, Optional.of(itsPlatform), artifactType);
    }

    /** The same content, with these annotations instead of its own. */
    public Descriptor withAnnotations(Map<String, String> changed) {
        return new Descriptor(mediaType, digest, size, urls, changed, platform, artifactType);
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
