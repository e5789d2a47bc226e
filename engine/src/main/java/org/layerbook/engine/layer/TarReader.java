package org.layerbook.engine.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import org.layerbook.engine.oci.Digest;

/**
 * Reads a tar that nobody vouches for: ustar, PAX, GNU long names, base-256 numbers. All that is malformed is an
 * {@link IOException}; nothing in a header makes it allocate more than {@link #MAX_RECORDS} bytes. The bytes are hashed as
 * they pass.
 */
final class TarReader implements AutoCloseable {
    /** Bytes of names and attributes for one member; the kernel's own limit is 64 KiB an attribute. */
    static final int MAX_RECORDS = 1 << 20;

    private static final int BLOCK = TarWriter.BLOCK;

    private final InputStream in;
    private final LayerHash hash = new LayerHash();
    private final byte[] block = new byte[BLOCK];
    private byte[] buffer = hash.take();
    private int from;
    private int to;
    private long contentLeft;
    private int padding;
    private boolean ended;

    /** @param in is read ahead; not closed */
    TarReader(InputStream in) {
        this.in = in;
    }

    /** The next member, the rest of the one before skipped; empty at the end of the archive. */
    Optional<TarEntry> next() throws IOException {
        skipContent();
        PaxRecords records = new PaxRecords();
        while (!ended && readHeader()) {
            TarHeader header = new TarHeader(block);
            switch (header.flag()) {
                case 'x' -> records.addAll(PaxRecords.parse(metadata(header.size())));
                case 'L' -> records.addIfAbsent("path", zeroTerminated(metadata(header.size())));
                case 'K' -> records.addIfAbsent("linkpath", zeroTerminated(metadata(header.size())));
                case 'g' -> metadata(header.size());
                default -> {
                    TarEntry entry = header.entry(records);
                    contentLeft = entry.size();
                    padding = (int) (-contentLeft & (BLOCK - 1));
                    return Optional.of(entry);
                }
            }
        }
        ended = true;
        if (!records.isEmpty()) {
            throw new MalformedLayerException("the tar ends after an extended header");
        }
        return Optional.empty();
    }

    /** Writes what is left of this member's content. */
    void copyContent(FileChannel file) throws IOException {
        while (contentLeft > 0) {
            need();
            int n = (int) Math.min(contentLeft, to - from);
            ByteBuffer piece = ByteBuffer.wrap(buffer, from, n);
            while (piece.hasRemaining()) {
                file.write(piece);
            }
            from += n;
            contentLeft -= n;
        }
    }

    /** Reads whatever follows the archive, up to the end of the stream. @return the digest of all bytes */
    Digest finish() throws IOException {
        do {
            from = to;
        } while (fill());
        if (to > 0) {
            hash.submit(buffer, to);
        }
        return hash.finish();
    }

    @Override
    public void close() {
        hash.close();
    }

    /** @return false at the end: of the stream, or two blocks of zeros */
    private boolean readHeader() throws IOException {
        if (!readBlock()) {
            return false;
        }
        if (!isZero()) {
            return true;
        }
        if (readBlock() && !isZero()) {
            throw new MalformedLayerException("malformed tar: members after a block of zeros");
        }
        return false;
    }

    private boolean readBlock() throws IOException {
        if (from == to && !fill()) {
            return false;
        }
        read(block, BLOCK);
        return true;
    }

    private boolean isZero() {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    private byte[] metadata(long size) throws IOException {
        if (size < 0 || size > MAX_RECORDS) {
            throw new MalformedLayerException("refused: an extended header of " + size + " bytes in the tar");
        }
        byte[] result = new byte[(int) size];
        read(result, result.length);
        skip(-size & (BLOCK - 1));
        return result;
    }

    private static String zeroTerminated(byte[] name) {
        String raw = ByteString.of(name);
        int end = raw.indexOf('\0');
        return end < 0 ? raw : raw.substring(0, end);
    }

    private void skipContent() throws IOException {
        skip(contentLeft + padding);
        contentLeft = 0;
        padding = 0;
    }

    private void skip(long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            need();
            int n = (int) Math.min(left, to - from);
            from += n;
            left -= n;
        }
    }

    private void read(byte[] target, int length) throws IOException {
        int at = 0;
        while (at < length) {
            need();
            int n = Math.min(length - at, to - from);
            System.arraycopy(buffer, from, target, at, n);
            from += n;
            at += n;
        }
    }

    private void need() throws IOException {
        if (from == to && !fill()) {
            throw new MalformedLayerException("the tar ends in the middle of a member");
        }
    }

    /** Gets more bytes, all before them having been used. */
    private boolean fill() throws IOException {
        if (to == buffer.length) {
            hash.submit(buffer, to);
            buffer = hash.take();
            from = 0;
            to = 0;
        }
        int n = in.read(buffer, to, buffer.length - to);
        if (n <= 0) {
            return false;
        }
        to += n;
        return true;
    }
}
