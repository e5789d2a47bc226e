package org.layerbook.engine.archive.read;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.layerbook.engine.compress.Compression;
import org.layerbook.engine.compress.Streams;
import org.layerbook.engine.layer.ArchiveException;
import org.layerbook.engine.layer.UnpackLimits;

/**
 * A tar that nobody vouches for, plain or compressed in any way that docker reads. Reading it takes bounded memory, and
 * ends with an {@link ArchiveException} where it is damaged or beyond the limits. What its names and links say is the
 * reader's to check.
 */
public final class UntrustedTar implements AutoCloseable {
    private final HeaderGuard guard;
    private final TarArchiveInputStream tar;
    private final UnpackLimits limits;
    private final InputStream content = new Content();
    private String name = "";
    private long entries;
    private long bytes;

    private UntrustedTar(HeaderGuard guard, UnpackLimits limits) {
        this.guard = guard;
        this.tar = new TarArchiveInputStream(guard, "UTF-8");
        this.limits = limits;
    }

    /** @param in closed with what is returned; left open where the caller does not close that */
    public static UntrustedTar read(InputStream in, UnpackLimits limits) throws IOException {
        return new UntrustedTar(new HeaderGuard(Compression.decompressed(in, limits)), limits);
    }

    /** The next member; empty at the end. */
    public Optional<TarArchiveEntry> next() throws IOException {
        TarArchiveEntry entry;
        try {
            guard.headers();
            entry = tar.getNextEntry();
            guard.content();
        } catch (ArchiveException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new ArchiveException(
                    entries == 0
                            ? "this is no tar archive: " + e.getMessage()
                            : "the archive is damaged or cut short: " + e.getMessage(),
                    e);
        }
        if (entry == null) {
            return Optional.empty();
        }
        if (++entries > limits.maxEntries()) {
            throw new ArchiveException(limits.tooManyEntries("the archive"));
        }
        name = entry.getName();
        if (entry.isFile() && !tar.canReadEntryData(entry)) {
            throw new ArchiveException("refused: " + name + " in the archive is stored in a way that is not supported");
        }
        return Optional.of(entry);
    }

    /** What the member that came last holds. Of a sparse file that is more than the archive has. */
    public InputStream content() {
        return content;
    }

    /** Reads what comes after the last member. */
    void drain() throws IOException {
        Streams.copy(guard, OutputStream.nullOutputStream());
    }

    @Override
    public void close() throws IOException {
        tar.close();
    }

    /** Tells failures to read the archive from those to write what is in it. */
    private final class Content extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n;
            try {
                n = tar.read(into, offset, length);
            } catch (ArchiveException e) {
                throw e;
            } catch (IOException | IllegalArgumentException e) {
                throw new ArchiveException("the archive is damaged or cut short in " + name + ": " + e.getMessage(), e);
            }
            bytes += Math.max(n, 0);
            if (bytes > limits.maxBytes()) {
                throw new ArchiveException(limits.tooManyBytes("the archive's files"));
            }
            return n;
        }
    }
}
