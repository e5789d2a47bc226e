package org.layerbook.engine.cache;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Json;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Platform;

/**
 * How a cache stands in OCI documents: an image manifest whose config is the {@link CacheContents} and whose layers are the
 * steps', so that any registry and any tool that copies images takes it; or, inline, an annotation of an image's own
 * manifest.
 *
 * @param config of the first form
 * @param contents of the second, which needs nothing else
 */
record CacheManifest(Manifest manifest, Optional<Descriptor> config, Optional<CacheContents> contents) {
    static final String CONFIG = "application/vnd.layerbook.cache.config.v1+json";
    static final String TYPE = "application/vnd.layerbook.cache.v1";
    static final String ANNOTATION = "org.layerbook.cache.v1";

    private static final String BUILDKIT_CONFIG = "application/vnd.buildkit.cacheconfig.v0";

    /** Asks for a document that an index or a layout names. */
    interface Documents {
        Bytes read(Descriptor descriptor) throws IOException;
    }

    static Bytes manifest(Bytes config, List<Descriptor> blobs) {
        var described = new Descriptor(CONFIG, config.digest(), config.length());
        return Bytes.of(
                new Manifest(MediaTypes.OCI_MANIFEST, Optional.of(TYPE), described, blobs, Optional.empty(), Map.of())
                        .toJson());
    }

    /** The manifest of an image, with its cache in it. */
    static Bytes inline(Manifest image, CacheContents contents) {
        String text = new String(contents.toJson(image.layers(), false), StandardCharsets.UTF_8);
        var annotations = new TreeMap<>(image.annotations());
        annotations.put(ANNOTATION, text);
        return Bytes.of(new Manifest(
                        image.mediaType(),
                        image.artifactType(),
                        image.config(),
                        image.layers(),
                        image.subject(),
                        annotations)
                .toJson());
    }

    /** @throws IOException a sentence on what it is instead */
    static CacheManifest read(Bytes document, String mediaType, Platform platform, Documents documents)
            throws IOException {
        Bytes bytes = document;
        if (isIndex(document, mediaType)) {
            Index index = Index.parse(document.toArray());
            if (index.manifests().stream().anyMatch(entry -> entry.mediaType().equals(BUILDKIT_CONFIG))) {
                throw foreign();
            }
            Descriptor chosen =
                    index.select(platform).orElseThrow(() -> new IOException("it has no cache for " + platform));
            bytes = documents.read(chosen);
        }
        Manifest manifest = Manifest.parse(bytes.toArray());
        String type = manifest.config().mediaType();
        if (type.equals(CONFIG)) {
            return new CacheManifest(manifest, Optional.of(manifest.config()), Optional.empty());
        }
        if (type.equals(BUILDKIT_CONFIG)) {
            throw foreign();
        }
        String inline = manifest.annotations().get(ANNOTATION);
        if (inline == null) {
            throw new IOException("the image has no cache metadata (add it with --cache-to type=inline)");
        }
        return new CacheManifest(
                manifest, Optional.empty(), Optional.of(parse(inline.getBytes(StandardCharsets.UTF_8), manifest)));
    }

    private static boolean isIndex(Bytes document, String mediaType) throws MalformedException {
        return MediaTypes.isIndex(mediaType)
                || Json.parse(document.toArray(), "manifest").get("manifests").isPresent();
    }

    static CacheContents parse(byte[] config, Manifest manifest) throws IOException {
        for (Descriptor layer : manifest.layers()) {
            if (!layer.digest().algorithm().equals("sha256")) {
                throw new IOException("layer " + layer.digest() + ": only sha256 digests are supported");
            }
        }
        return CacheContents.parse(config, manifest.layers());
    }

    private static IOException foreign() {
        return new IOException(
                "it is a BuildKit cache, whose format Layerbook cannot read; write one with Layerbook's --cache-to");
    }

    /** @throws IOException when {@code bytes} are not what {@code wanted} says */
    static Bytes verified(Bytes bytes, Descriptor wanted) throws IOException {
        Digest found = bytes.digest();
        if (!found.equals(wanted.digest())) {
            throw new IOException("digest mismatch: got " + found + ", expected " + wanted.digest());
        }
        return bytes;
    }
}
