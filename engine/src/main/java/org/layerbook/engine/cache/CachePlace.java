package org.layerbook.engine.cache;

import java.nio.file.Path;
import org.layerbook.engine.oci.Reference;

/** Where a cache lies. */
public sealed interface CachePlace {
    /** As messages name it. */
    String title();

    /**
     * {@code type=local}: an OCI image layout.
     *
     * @param tag of {@code tag=}: a layout may hold several caches
     * @param title as the user wrote it
     */
    record Folder(Path path, String tag, String title) implements CachePlace {}

    /**
     * {@code type=registry}.
     *
     * @param reference with a tag, or to read from with a digest
     */
    record Repository(Reference reference) implements CachePlace {
        @Override
        public String title() {
            return reference.toString();
        }
    }
}
