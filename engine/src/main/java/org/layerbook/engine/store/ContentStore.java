package org.layerbook.engine.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.oci.Digest;

/**
 * Blobs by digest, in {@code blobs/<algorithm>/<hex>} of the store, as an OCI image layout has them. A blob is visible
 * whole or not at all, and what is visible has the digest of its name. Adding what is there already changes nothing.
 * Safe between threads and processes.
 */
public interface ContentStore {
    boolean contains(Digest digest);

    /** Bytes of the blob; absent when it is not there. */
    Optional<Long> size(Digest digest);

    /** The caller closes it. {@link java.nio.file.NoSuchFileException} when it is not there. */
    InputStream open(Digest digest) throws IOException;

    /** Where the blob lies, read-only, for tools that want a file. */
    Path path(Digest digest);

    Digest put(byte[] content) throws IOException;

    /** Begins a blob of yet unknown digest. The caller closes it; without a commit nothing stays. */
    Ingest ingest() throws IOException;

    interface Ingest extends AutoCloseable {
        /** Write here; the digest is computed on the way. */
        java.io.OutputStream out();

        /**
         * Makes the blob visible.
         *
         * @param expected where given, an {@link IOException} when the content has another digest
         */
        Digest commit(Optional<Digest> expected) throws IOException;

        @Override
        void close() throws IOException;
    }
}
