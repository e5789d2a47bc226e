package org.layerbook.engine.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.layerbook.engine.oci.Descriptor;

/** Where the files of saved images go: a tar or a folder. */
interface ArchiveTarget {
    /** Entries of an {@code index.json} that is there already, to stand beside those that are written. */
    List<Descriptor> entries() throws IOException;

    /** @param name ends with a slash */
    void folder(String name) throws IOException;

    void file(String name, long size, InputStream in) throws IOException;

    void finish() throws IOException;
}
