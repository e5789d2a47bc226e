package org.layerbook.engine.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.file.FileContentStore;

/** One's own blobs, and behind them those of additional stores. Only one's own are written. */
final class LayeredContent implements ContentStore {
    private final FileContentStore own;
    private final List<FileContentStore> others;

    LayeredContent(FileContentStore own, List<FileContentStore> others) {
        this.own = own;
        this.others = List.copyOf(others);
    }

    private FileContentStore holder(Digest digest) {
        if (own.contains(digest)) {
            return own;
        }
        return others.stream()
                .filter(other -> other.contains(digest))
                .findFirst()
                .orElse(own);
    }

    @Override
    public boolean contains(Digest digest) {
        return holder(digest).contains(digest);
    }

    /** What others have is theirs to keep. */
    @Override
    public boolean claim(Digest digest) throws IOException {
        return own.claim(digest) || contains(digest);
    }

    @Override
    public Optional<Long> size(Digest digest) {
        return holder(digest).size(digest);
    }

    @Override
    public InputStream open(Digest digest) throws IOException {
        FileContentStore holder = holder(digest);
        InputStream in = holder.open(digest);
        return holder == own ? in : new Verified(in, digest);
    }

    @Override
    public Bytes read(Digest digest) throws IOException {
        return holder(digest).read(digest);
    }

    @Override
    public Path path(Digest digest) {
        return holder(digest).path(digest);
    }

    /** Small documents are one's own in any case: what is listed here does not depend on others for them. */
    @Override
    public Digest put(byte[] content) throws IOException {
        return own.put(content);
    }

    @Override
    public boolean isReadOnly() {
        return own.isReadOnly();
    }

    @Override
    public Ingest ingest() throws IOException {
        return own.ingest();
    }

    /** Fails at the end when the whole was not what its digest says. */
    private static final class Verified extends FilterInputStream {
        private final Digest expected;
        private final MessageDigest hash;

        Verified(InputStream in, Digest expected) {
            super(in);
            this.expected = expected;
            this.hash = FileContentStore.hash(expected.algorithm());
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int n = in.read(bytes, from, length);
            if (n >= 0) {
                hash.update(bytes, from, n);
                return n;
            }
            String found = HexFormat.of().formatHex(((MessageDigest) copy()).digest());
            if (!found.equals(expected.hex())) {
                throw new StoreException(
                        "blob " + expected + " of an additional store is damaged: digest mismatch: got "
                                + expected.algorithm() + ":" + found);
            }
            return -1;
        }

        /** The end may be read more than once. */
        private Object copy() {
            try {
                return hash.clone();
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("the SHA-2 family of every Java platform can be copied", e);
            }
        }

        @Override
        public long skip(long count) throws IOException {
            return read(new byte[(int) Math.min(count, 1 << 16)], 0, (int) Math.min(count, 1 << 16));
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
