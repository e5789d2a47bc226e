package org.layerbook.engine.archive.read;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.oci.Digest;

/** The files of an archive by their names in it, wherever they lie. Closing it drops what was not taken into the store. */
public interface ArchiveFiles extends AutoCloseable {
    /** Bytes; manifests and configs are far smaller, an index of ten thousand images is not. */
    int MAX_DOCUMENT = 16 << 20;

    /** Names of all, without a leading slash. */
    Set<String> names();

    /** Follows links inside the archive. */
    Optional<File> find(String name) throws IOException;

    default File require(String name, String use) throws IOException {
        return find(name).orElseThrow(() -> new ArchiveException("the archive has no " + name + ", " + use));
    }

    @Override
    void close() throws IOException;

    /** One file. */
    interface File {
        String name();

        long size() throws IOException;

        /** The caller closes it. */
        InputStream open() throws IOException;

        /**
         * Takes the content into the store as a blob.
         *
         * @param expected where given, an {@link ArchiveException} when it has another digest
         */
        Digest store(Optional<Digest> expected) throws IOException;

        /** A document whole; {@link ArchiveException} when it is larger than any. */
        default byte[] document() throws IOException {
            if (size() > MAX_DOCUMENT) {
                throw new ArchiveException(name() + " in the archive is too large: " + size() + " bytes");
            }
            try (InputStream in = open()) {
                return in.readAllBytes();
            }
        }
    }
}
