package org.layerbook.engine.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Stops a tar whose headers are absurdly long: the reader above keeps extended headers in memory, however long they say
 * they are. While headers are read, no more than {@value #MAX_HEADERS} bytes come through.
 */
final class HeaderGuard extends FilterInputStream {
    private static final long MAX_HEADERS = 4 << 20;

    private long left = Long.MAX_VALUE;

    HeaderGuard(InputStream in) {
        super(in);
    }

    /** From here on headers are read. */
    void headers() {
        left = MAX_HEADERS;
    }

    /** From here on content is read. */
    void content() {
        left = Long.MAX_VALUE;
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
    public long skip(long n) throws IOException {
        long skipped = super.skip(n);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long n) throws IOException {
        left -= n;
        if (left < 0) {
            throw new ArchiveException("refused: the archive has headers of more than " + MAX_HEADERS + " bytes");
        }
    }
}
