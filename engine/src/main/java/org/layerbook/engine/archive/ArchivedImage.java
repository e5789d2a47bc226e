package org.layerbook.engine.archive;

import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.store.Bytes;

/**
 * An image as an archive offers it; its layers are not looked at yet.
 *
 * @param layers bottom first
 * @param manifest where the archive has one: OCI's, or docker's schema 2
 */
record ArchivedImage(
        Bytes config, List<ArchivedLayer> layers, Optional<ArchivedManifest> manifest, SequencedSet<Reference> names) {
    ArchivedImage {
        layers = List.copyOf(layers);
    }

    /** @param descriptor where a manifest has one */
    record ArchivedLayer(ArchiveFiles.File file, Optional<Descriptor> descriptor) {}

    record ArchivedManifest(Descriptor descriptor, ArchiveFiles.File file) {}

    /** For messages. */
    String title() {
        return names.isEmpty() ? config.digest().shortHex() : names.getFirst().familiar();
    }
}
