package org.layerbook.engine.archive.read;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.layer.UnpackLimits;
import org.layerbook.engine.layer.tar.ArchiveException;
import org.layerbook.engine.layer.tar.ByteString;
import org.layerbook.engine.layer.tar.TarEntry;
import org.layerbook.engine.layer.tar.TarReader;

/**
 * A tar that nobody vouches for, plain or compressed in any way that docker reads. Reading it takes bounded memory, and
 * ends with an {@link ArchiveException} where it is damaged or beyond the limits. What its names and links say is the
 * reader's to check.
 */
public final class UntrustedTar implements AutoCloseable {
    private final InputStream in;
    private final TarReader tar;
    private final UnpackLimits limits;
    private String name = "";
    private long entries;
    private long bytes;

    private UntrustedTar(InputStream in, UnpackLimits limits) {
        this.in = in;
        this.tar = new TarReader(in);
        this.limits = limits;
    }

    /** @param in closed with what is returned; left open where the caller does not close that */
    public static UntrustedTar read(InputStream in, UnpackLimits limits) throws IOException {
        return new UntrustedTar(Compression.decompressed(in, limits), limits);
    }

    /** The next member; empty at the end. */
    public Optional<TarEntry> next() throws IOException {
        Optional<TarEntry> entry;
        try {
            entry = tar.next();
        } catch (IOException e) {
            throw damaged("", e);
        }
        if (entry.isPresent() && ++entries > limits.maxEntries()) {
            throw new ArchiveException(limits.tooManyEntries("the archive"));
        }
        name = entry.map(TarEntry::name).orElse("");
        return entry;
    }

    /** What the member that came last holds. Of a sparse file that is more than the archive has. */
    public InputStream content() {
        return new Content(tar.content());
    }

    /** Reads what comes after the last member. */
    void drain() throws IOException {
        tar.drain();
    }

    @Override
    public void close() throws IOException {
        tar.close();
        in.close();
    }

    private static ArchiveException damaged(String place, IOException e) {
        return e instanceof ArchiveException refused
                ? refused
                : new ArchiveException("the archive is damaged or truncated" + place + ": " + e.getMessage(), e);
    }

    /** Tells failures to read the archive from those to write what is in it. */
    private final class Content extends InputStream {
        private final InputStream content;

        private Content(InputStream content) {
            this.content = content;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n;
            try {
                n = content.read(into, offset, length);
            } catch (IOException e) {
                throw damaged(" in " + ByteString.text(name), e);
            }
            bytes += Math.max(n, 0);
            if (bytes > limits.maxBytes()) {
                throw new ArchiveException(limits.tooManyBytes("the archive's files"));
            }
            return n;
        }
    }
}
