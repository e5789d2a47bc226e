package org.layerbook.engine.archive;

import java.util.List;
import java.util.Map;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;

/**
 * An image that was loaded.
 *
 * @param names that it has from the archive; empty when the archive names it not
 * @param replaced names that another image had before, and which
 */
public record LoadResult(Image image, List<Reference> names, Map<Reference, Digest> replaced) {
    public LoadResult {
        names = List.copyOf(names);
        replaced = Map.copyOf(replaced);
    }
}
