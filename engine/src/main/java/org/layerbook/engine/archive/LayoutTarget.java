package org.layerbook.engine.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.layerbook.engine.linux.AtomicFile;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Index;

/** A folder that is an OCI image layout, perhaps one that holds images already: those stay. */
final class LayoutTarget implements ArchiveTarget {
    private static final String BLOBS = "blobs/";
    private static final String INDEX = "index.json";

    private final Path root;

    LayoutTarget(Path root) {
        this.root = root;
    }

    @Override
    public List<Descriptor> entries() throws IOException {
        Path index = root.resolve(INDEX);
        return Files.exists(index) ? Index.parse(Files.readAllBytes(index)).manifests() : List.of();
    }

    @Override
    public void folder(String name) throws IOException {
        Files.createDirectories(root.resolve(name));
    }

    /** Whole or not at all. A blob that is there is what its name says. */
    @Override
    public void file(String name, long size, InputStream in) throws IOException {
        Path file = root.resolve(name);
        if (name.startsWith(BLOBS)
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) == size) {
            return;
        }
        AtomicFile.write(file, AtomicFile.Access.SHARED, in::transferTo);
    }

    @Override
    public void finish() {}
}
