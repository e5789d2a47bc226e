package org.layerbook.engine.archive.read;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Reference;

/**
 * An image as an archive offers it; its layers are not looked at yet.
 *
 * @param layers bottom first
 * @param manifest where the archive has one: OCI's, or docker's schema 2
 * @param indexes what those of the names stand for that do not stand for the image alone
 * @param variant whether it is only there as another platform's image of such an index
 */
public record ArchivedImage(
        Bytes config,
        List<ArchivedLayer> layers,
        Optional<ArchivedManifest> manifest,
        SequencedSet<Reference> names,
        Map<Reference, ArchivedManifest> indexes,
        boolean variant) {
    public ArchivedImage {
        layers = List.copyOf(layers);
        indexes = Map.copyOf(indexes);
    }

    public ArchivedImage(
            Bytes config,
            List<ArchivedLayer> layers,
            Optional<ArchivedManifest> manifest,
            SequencedSet<Reference> names) {
        this(config, layers, manifest, names, Map.of(), false);
    }

    /** This image, which the archive has a second time, with the names of both. */
    ArchivedImage with(ArchivedImage same) {
        var allNames = new LinkedHashSet<>(names);
        allNames.addAll(same.names);
        var allIndexes = new HashMap<>(indexes);
        allIndexes.putAll(same.indexes);
        return new ArchivedImage(config, layers, manifest, allNames, allIndexes, variant && same.variant);
    }

    /** @param descriptor where a manifest has one */
    public record ArchivedLayer(ArchiveFiles.File file, Optional<Descriptor> descriptor) {}

    public record ArchivedManifest(Descriptor descriptor, ArchiveFiles.File file) {
        /** Brings it into the content store. */
        public Descriptor store() throws IOException {
            file.store(Optional.of(descriptor.digest()));
            return descriptor;
        }
    }

    /** For messages. */
    public String title() {
        return names.isEmpty() ? config.digest().shortHex() : names.getFirst().familiar();
    }
}
