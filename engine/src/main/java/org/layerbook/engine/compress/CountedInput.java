package org.layerbook.engine.compress;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Tells how many bytes are taken from a stream, skipped ones too. */
public abstract class CountedInput extends FilterInputStream {
    public CountedInput(InputStream in) {
        super(in);
    }

    /** {@code n} more bytes were taken; what is thrown reaches whoever took them. */
    protected abstract void taken(long n) throws IOException;

    @Override
    public final int read() throws IOException {
        int b = super.read();
        if (b >= 0) {
            taken(1);
        }
        return b;
    }

    @Override
    public final int read(byte[] bytes, int offset, int length) throws IOException {
        int n = super.read(bytes, offset, length);
        if (n > 0) {
            taken(n);
        }
        return n;
    }

    @Override
    public final long skip(long n) throws IOException {
        long skipped = super.skip(n);
        taken(skipped);
        return skipped;
    }

    @Override
    public final boolean markSupported() {
        return false;
    }
}
