package org.layerbook.engine.layer.tar;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.layerbook.engine.oci.Digest;

/**
 * Reads a tar that nobody vouches for: ustar, PAX, GNU long names, base-256 numbers, sparse files. All that is malformed is
 * an {@link IOException}; nothing in the headers of a member makes it keep more than {@link #MAX_RECORDS} of their bytes.
 */
public final class TarReader implements AutoCloseable {
    /** Bytes of names, attributes and maps for one member; the kernel's own limit is 64 KiB an attribute. */
    static final int MAX_RECORDS = 1 << 20;

    private static final int BUFFER_SIZE = 1 << 16;

    /** Bytes of a header. */
    public static final int BLOCK = TarWriter.BLOCK;

    private final InputStream in;
    private final Optional<LayerHash> hash;
    private final byte[] block = new byte[BLOCK];
    private byte[] buffer;
    private int from;
    private int to;
    private long contentLeft;
    private int padding;
    private int recordsLeft;
    private SparseMap map = SparseMap.whole(0);
    private boolean begun;
    private boolean ended;

    private TarReader(InputStream in, Optional<LayerHash> hash) {
        this.in = in;
        this.hash = hash;
        this.buffer = hash.map(LayerHash::take).orElseGet(() -> new byte[BUFFER_SIZE]);
    }

    /** @param in is read ahead; not closed */
    public TarReader(InputStream in) {
        this(in, Optional.empty());
    }

    /** A reader that hashes the bytes as they pass, for {@link #finish}. @param in is read ahead; not closed */
    public static TarReader hashing(InputStream in) {
        return new TarReader(in, Optional.of(new LayerHash()));
    }

    /** Whether a tar begins with {@code head}, of which {@value #BLOCK} bytes are enough: with a header that is right. */
    public static boolean isBeginning(byte[] head) {
        return head.length >= BLOCK && TarHeader.isOne(head);
    }

    /** The next member, the rest of the one before skipped; empty at the end of the archive. */
    public Optional<TarEntry> next() throws IOException {
        skipContent();
        recordsLeft = MAX_RECORDS;
        PaxRecords records = new PaxRecords();
        while (!ended && readHeader()) {
            if (!begun && !TarHeader.isOne(block)) {
                throw new MalformedLayerException("not a tar archive: the checksum of the first header is wrong");
            }
            begun = true;
            TarHeader header = new TarHeader(block);
            switch (header.flag()) {
                case 'x' -> records.addAll(PaxRecords.parse(metadata(header.size())));
                case 'L' -> records.addIfAbsent("path", zeroTerminated(metadata(header.size())));
                case 'K' -> records.addIfAbsent("linkpath", zeroTerminated(metadata(header.size())));
                case 'g' -> metadata(header.size());
                default -> {
                    return Optional.of(member(header, records));
                }
            }
        }
        ended = true;
        if (!records.isEmpty()) {
            throw new MalformedLayerException("the tar ends after an extended header");
        }
        return Optional.empty();
    }

    private TarEntry member(TarHeader header, PaxRecords records) throws IOException {
        TarEntry entry = header.entry(records);
        long stored = entry.size();
        contentLeft = stored;
        padding = (int) (-stored & (BLOCK - 1));
        if (entry.kind() != TarEntry.Kind.FILE) {
            map = SparseMap.whole(0);
        } else if (header.isSparse()) {
            map = SparseMap.ofHeader(block.clone(), stored, this::recordBlock);
        } else if (!SparseMap.isIn(records)) {
            map = SparseMap.whole(stored);
        } else if (SparseMap.isBeforeContent(records)) {
            map = SparseMap.ofContent(records, stored, this::contentBlock);
        } else {
            map = SparseMap.ofRecords(records, stored);
        }
        return entry.withSize(map.size());
    }

    /** Writes this member's content, of which nothing may have been read, to the beginning of an empty file. */
    public void copyContent(FileChannel file) throws IOException {
        long end = 0;
        for (SparseMap.Fragment fragment : map.fragments()) {
            file.position(fragment.offset());
            copy(fragment.length(), file);
            end = fragment.length() > 0 ? fragment.end() : end;
        }
        if (end < map.size()) {
            file.write(ByteBuffer.allocate(1), map.size() - 1);
        }
    }

    private void copy(long length, FileChannel file) throws IOException {
        long left = length;
        while (left > 0) {
            need();
            int n = (int) Math.min(left, to - from);
            ByteBuffer piece = ByteBuffer.wrap(buffer, from, n);
            while (piece.hasRemaining()) {
                file.write(piece);
            }
            from += n;
            left -= n;
            contentLeft -= n;
        }
    }

    /** This member's content, of which nothing may have been read; to be read before the next member is asked for. */
    public InputStream content() {
        return new Content(map);
    }

    private final class Content extends InputStream {
        private final SparseMap map;
        private int fragment;
        private long at;

        private Content(SparseMap map) {
            this.map = map;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0 || at == map.size()) {
                return length == 0 ? 0 : -1;
            }
            List<SparseMap.Fragment> fragments = map.fragments();
            while (fragment < fragments.size() && fragments.get(fragment).end() <= at) {
                fragment++;
            }
            boolean beyond = fragment == fragments.size();
            long start = beyond ? map.size() : fragments.get(fragment).offset();
            int n;
            if (at < start) {
                n = (int) Math.min(length, start - at);
                Arrays.fill(into, offset, offset + n, (byte) 0);
            } else {
                need();
                n = (int) Math.min(Math.min(length, fragments.get(fragment).end() - at), to - from);
                System.arraycopy(buffer, from, into, offset, n);
                from += n;
                contentLeft -= n;
            }
            at += n;
            return n;
        }
    }

    /** Reads whatever follows the archive, up to the end of the stream. */
    public void drain() throws IOException {
        do {
            from = to;
        } while (fill());
    }

    /** Reads to the end of the stream. @return the digest of all bytes */
    public Digest finish() throws IOException {
        drain();
        LayerHash all = hash.orElseThrow(() -> new IllegalStateException("nothing was hashed"));
        if (to > 0) {
            all.submit(buffer, to);
        }
        return all.finish();
    }

    @Override
    public void close() {
        hash.ifPresent(LayerHash::close);
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
        take(size);
        byte[] result = new byte[(int) size];
        read(result, result.length);
        skip(-size & (BLOCK - 1));
        return result;
    }

    /** Counts {@code size} bytes of what the headers of one member may have. */
    private void take(long size) throws IOException {
        if (size < 0 || size > MAX_RECORDS) {
            throw new MalformedLayerException("invalid tar: extended header of " + size + " bytes");
        }
        recordsLeft -= (int) size;
        if (recordsLeft < 0) {
            throw new MalformedLayerException(
                    "invalid tar: a member has more than " + MAX_RECORDS + " bytes of extended headers");
        }
    }

    private byte[] recordBlock() throws IOException {
        take(BLOCK);
        byte[] next = new byte[BLOCK];
        read(next, BLOCK);
        return next;
    }

    private byte[] contentBlock() throws IOException {
        if (contentLeft < BLOCK) {
            throw new MalformedLayerException("malformed sparse file map in the tar");
        }
        contentLeft -= BLOCK;
        return recordBlock();
    }

    private static String zeroTerminated(byte[] name) {
        String raw = ByteString.of(name);
        int end = raw.indexOf('\0');
        return end < 0 ? raw : raw.substring(0, end);
    }

    private void skipContent() throws IOException {
        skip(contentLeft);
        contentLeft = 0;
        // Only the padding of the last member may be missing, as Go's reader has it.
        ended |= padding > 0 && from == to && !fill();
        if (!ended) {
            skip(padding);
        }
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
            throw new MalformedLayerException(
                    begun
                            ? "the tar ends in the middle of a member"
                            : "not a tar archive: it ends in the middle of the first header");
        }
    }

    /** Gets more bytes, all before them having been used. */
    private boolean fill() throws IOException {
        if (to == buffer.length) {
            if (hash.isPresent()) {
                hash.get().submit(buffer, to);
                buffer = hash.get().take();
            }
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
