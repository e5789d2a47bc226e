package org.layerbook.engine.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Stops a stream that unpacks to absurdly more than it was packed into, before it fills the disk: beyond 1 GiB, more than
 * 1000 bytes out of one. Real layers stay below 100; gzip itself ends at 1032.
 */
final class BombGuard extends FilterInputStream {
    private static final long HARMLESS = 1L << 30;
    private static final long MAX_RATIO = 1000;

    private final Input packed;
    private final long harmless;
    private long unpacked;

    /** Counts what is taken from a stream. */
    static final class Input extends FilterInputStream {
        private long count;

        Input(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int n = super.read(bytes, offset, length);
            count += Math.max(n, 0);
            return n;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }

    BombGuard(InputStream unpacked, Input packed) {
        this(unpacked, packed, HARMLESS);
    }

    /** @param harmless bytes that are never too many */
    BombGuard(InputStream unpacked, Input packed, long harmless) {
        super(unpacked);
        this.packed = packed;
        this.harmless = harmless;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        count(b < 0 ? 0 : 1);
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = super.read(bytes, offset, length);
        count(Math.max(n, 0));
        return n;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(int n) throws IOException {
        unpacked += n;
        if (unpacked > harmless && unpacked / MAX_RATIO > packed.count) {
            throw new ArchiveException("refused: " + packed.count + " bytes unpack to more than " + unpacked
                    + ", as only a decompression bomb does");
        }
    }
}
