package org.layerbook.engine.layer;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.LongSupplier;

/**
 * Stops a decompression bomb: a small blob that would fill the disk. Honest layers compress by two to ten, files full of
 * zeros by a thousand; so what is suspicious is a large result of next to nothing.
 *
 * <p>Goes around the decompressed stream. Reading fails with {@link MalformedLayerException} beyond the limits.
 */
public final class ExpansionLimit extends FilterInputStream {
    /**
     * @param freeBytes results up to this size are never refused
     * @param ratio decompressed bytes for one compressed byte, above that size
     */
    public record Limits(long freeBytes, long ratio) {
        /** Four gigabytes of anything, and beyond that up to two hundred for one. */
        public static final Limits DEFAULT = new Limits(4L << 30, 200);
    }

    private final LongSupplier compressed;
    private final Limits limits;
    private long expanded;

    /** @param compressed bytes read so far of the compressed stream */
    public ExpansionLimit(InputStream decompressed, LongSupplier compressed, Limits limits) {
        super(decompressed);
        this.compressed = compressed;
        this.limits = limits;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        int n = super.read(buffer, from, length);
        if (n > 0) {
            expanded += n;
            check();
        }
        return n;
    }

    @Override
    public long skip(long bytes) throws IOException {
        byte[] ignored = new byte[Math.clamp(bytes, 0, 8192)];
        return Math.max(0, read(ignored, 0, ignored.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void check() throws MalformedLayerException {
        if (expanded > limits.freeBytes() && expanded / limits.ratio() > compressed.getAsLong()) {
            throw new MalformedLayerException("refused: the layer expands to more than " + limits.ratio()
                    + " times its compressed size (" + expanded + " bytes so far)");
        }
    }
}
