package org.layerbook.engine.archive;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;
import org.layerbook.engine.oci.Platform;

/**
 * A manifest or index of the store, with all that it names.
 *
 * @param blobs each document before what it names
 * @param image that stands for it where only one can: of an index the one for this machine, else its first
 * @param platform of a manifest
 */
record SavedDocument(Descriptor top, SequencedSet<Digest> blobs, Manifest image, Optional<Platform> platform) {
    private static final int DEEPEST = 4;

    static SavedDocument of(Descriptor top, ContentStore content) throws IOException {
        var blobs = new LinkedHashSet<Digest>();
        collect(top, content, blobs, 0);
        Manifest image = representative(top, content);
        Optional<Platform> platform = MediaTypes.isIndex(top.mediaType())
                ? Optional.empty()
                : Optional.of(
                        ImageConfig.parse(content.read(image.config().digest()).toArray())
                                .platform());
        return new SavedDocument(top, blobs, image, platform);
    }

    private static void collect(Descriptor document, ContentStore content, SequencedSet<Digest> blobs, int depth)
            throws IOException {
        blobs.add(document.digest());
        if (MediaTypes.isIndex(document.mediaType()) && depth < DEEPEST) {
            for (Descriptor entry :
                    Index.parse(content.read(document.digest()).toArray()).manifests()) {
                collect(entry, content, blobs, depth + 1);
            }
        } else if (MediaTypes.isManifest(document.mediaType())) {
            Manifest manifest = Manifest.parse(content.read(document.digest()).toArray());
            blobs.add(manifest.config().digest());
            for (Descriptor layer : manifest.layers()) {
                if (!MediaTypes.isForeign(layer.mediaType()) || content.contains(layer.digest())) {
                    blobs.add(layer.digest());
                }
            }
        }
    }

    private static Manifest representative(Descriptor top, ContentStore content) throws IOException {
        Descriptor document = top;
        for (int depth = 0; MediaTypes.isIndex(document.mediaType()) && depth < DEEPEST; depth++) {
            Index index = Index.parse(content.read(document.digest()).toArray());
            List<Descriptor> images = index.images();
            if (images.isEmpty()) {
                throw new ArchiveException("the index " + document.digest() + " contains no image");
            }
            document = index.select(Platform.host()).orElse(images.getFirst());
        }
        return Manifest.parse(content.read(document.digest()).toArray());
    }
}
