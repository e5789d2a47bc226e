package org.layerbook.engine.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.oci.Digest;

/**
 * Blobs by digest, in {@code blobs/<algorithm>/<hex>} of the store, as an OCI image layout has them. A blob is visible
 * whole or not at all, and what is visible has the digest of its name. Adding what is there already changes nothing.
 * Safe between threads and processes.
 *
 * <p>A blob that nothing refers to may be collected at any time, unless it was put or claimed since the oldest
 * {@linkplain Leases#operation operation} that is still open began.
 */
public interface ContentStore {
    boolean contains(Digest digest);

    /** As {@link #contains}; and what is there is then as fresh as if it had just been put. */
    boolean claim(Digest digest) throws IOException;

    /** As {@link #claim(Digest)}; one of another size is damaged and as good as absent, so that it is put again. */
    default boolean claim(Digest digest, long size) throws IOException {
        return size(digest).filter(found -> found == size).isPresent() && claim(digest);
    }

    /** Bytes of the blob; absent when it is not there. */
    Optional<Long> size(Digest digest);

    /** The caller closes it. {@link java.nio.file.NoSuchFileException} when it is not there. */
    InputStream open(Digest digest) throws IOException;

    /**
     * A small document whole.
     *
     * @throws StoreException when it is not there, is larger than {@value #MAX_DOCUMENT} bytes, or has another digest
     */
    Bytes read(Digest digest) throws IOException;

    /** Bytes; the OCI distribution specification has registries take manifests of this size. */
    int MAX_DOCUMENT = 4 * 1024 * 1024;

    /** Where the blob lies, read-only, for tools that want a file. */
    Path path(Digest digest);

    /** Whether the file system has turned out to be read-only, so that what is put counts for this process alone. */
    boolean isReadOnly();

    Digest put(byte[] content) throws IOException;

    /** Begins a blob of yet unknown digest. The caller closes it; without a commit nothing stays. */
    Ingest ingest() throws IOException;

    interface Ingest extends AutoCloseable {
        /** Write here; the digest is computed on the way. */
        OutputStream out();

        /** Bytes written so far. */
        long size();

        /** Of all that was written, which ends the writing. */
        Digest digest() throws IOException;

        /** What was written, from its beginning, which ends the writing. The caller closes it before a commit. */
        InputStream read() throws IOException;

        /**
         * What is written so far, from its beginning, for another thread: at its end when it has caught up, which it may
         * be asked again. Once opened it can be read after a commit too. The caller closes it.
         *
         * @throws java.nio.file.NoSuchFileException when it is committed already
         */
        InputStream follow() throws IOException;

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
