package org.layerbook.engine.store;

import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Index;
import org.layerbook.engine.oci.MalformedException;
import org.layerbook.engine.oci.Manifest;
import org.layerbook.engine.oci.MediaTypes;

/**
 * The blobs that names need besides what their images have: a name can stand for an index, or for another manifest of the
 * image than the one in the image's record, whose layers may be compressed differently. Each document is read once.
 */
final class NamedDocuments {
    /** Indexes within indexes are rare; more levels than this are not followed. */
    private static final int DEEPEST = 4;

    private final ContentStore content;
    private final Map<Digest, List<Descriptor>> read = new HashMap<>();

    NamedDocuments(ContentStore content) {
        this.content = content;
    }

    /** @param known the manifests of image records, whose blobs are marked anyway */
    void mark(List<Names.Name> names, Set<Digest> known, Set<Digest> blobs) throws IOException {
        var seen = new HashSet<Digest>();
        for (Names.Name name : names) {
            name.reference().digest().ifPresent(blobs::add);
            if (name.target().isPresent()) {
                mark(name.target().get(), known, blobs, seen, 0);
            }
        }
    }

    private void mark(Descriptor document, Set<Digest> known, Set<Digest> blobs, Set<Digest> seen, int depth)
            throws IOException {
        blobs.add(document.digest());
        if (!seen.add(document.digest()) || known.contains(document.digest())) {
            return;
        }
        for (Descriptor part : parts(document)) {
            blobs.add(part.digest());
            if (isDocument(part) && depth < DEEPEST) {
                mark(part, known, blobs, seen, depth + 1);
            }
        }
    }

    private static boolean isDocument(Descriptor one) {
        return MediaTypes.isIndex(one.mediaType()) || MediaTypes.isManifest(one.mediaType());
    }

    private List<Descriptor> parts(Descriptor document) throws IOException {
        if (!read.containsKey(document.digest())) {
            read.put(document.digest(), parse(document));
        }
        return read.get(document.digest());
    }

    /** Nothing for what is not here, or is damaged, which {@code doctor --verify} reports. */
    private List<Descriptor> parse(Descriptor document) throws IOException {
        Optional<Long> size = content.size(document.digest());
        if (size.isEmpty() || size.get() > ContentStore.MAX_DOCUMENT) {
            return List.of();
        }
        try {
            byte[] bytes = content.read(document.digest()).toArray();
            if (MediaTypes.isIndex(document.mediaType())) {
                return Index.parse(bytes).manifests();
            }
            Manifest manifest = Manifest.parse(bytes);
            return Stream.concat(Stream.of(manifest.config()), manifest.layers().stream())
                    .toList();
        } catch (StoreException | MalformedException e) {
            return List.of();
        }
    }
}
