package org.layerbook.engine.layer.tar;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.oci.Digest;

/**
 * Writes a tar as today's container builders do: POSIX ustar headers with numeric owners and no names, PAX records only
 * for what does not fit ({@code path}, {@code linkpath}, {@code size}, {@code uid}, {@code gid}, {@code mtime}) and for
 * extended attributes ({@code SCHILY.xattr.NAME}); times in whole seconds. Equal entries give equal bytes.
 *
 * <p>Format: IEEE Std 1003.1, "pax", "ustar Interchange Format" and "pax Extended Header".
 */
public final class TarWriter implements AutoCloseable {
    static final int BLOCK = 512;

    private static final long MAX_OCTAL_11 = 0_77777777777L;
    private static final long MAX_OCTAL_7 = 0_7777777L;
    private static final int NAME = 0;
    private static final int NAME_SIZE = 100;
    private static final int CHECKSUM = 148;
    private static final int LINK = 157;
    private static final int PREFIX = 345;
    private static final int PREFIX_SIZE = 155;
    private static final byte[] ZEROS = new byte[2 * BLOCK];

    private static final int BUFFER_SIZE = 1 << 16;

    private final Optional<LayerHash> hash;
    private final Optional<OutputStream> out;
    private byte[] buffer;
    private int used;

    private TarWriter(Optional<LayerHash> hash, Optional<OutputStream> out) {
        this.hash = hash;
        this.out = out;
        this.buffer = hash.map(LayerHash::take).orElseGet(() -> new byte[BUFFER_SIZE]);
    }

    /** @param out not closed */
    public TarWriter(OutputStream out) {
        this(Optional.empty(), Optional.of(out));
    }

    /** A writer that hashes, for {@link #finish}. @param copy where the bytes go besides that; not closed */
    public static TarWriter hashing(Optional<OutputStream> copy) {
        return new TarWriter(Optional.of(new LayerHash()), copy);
    }

    /** Writes the header; {@code entry.size()} bytes must follow by {@link #content}. */
    public void header(TarEntry entry) throws IOException {
        String name = entry.kind() == TarEntry.Kind.DIRECTORY ? entry.name() + "/" : entry.name();
        PaxRecords pax = new PaxRecords();
        int split = prefixLength(name);
        if (split < 0 || !ByteString.isAscii(name)) {
            pax.add("path", name);
        }
        if (entry.link().length() > NAME_SIZE || !ByteString.isAscii(entry.link())) {
            pax.add("linkpath", entry.link());
        }
        long uid = Integer.toUnsignedLong(entry.uid());
        long gid = Integer.toUnsignedLong(entry.gid());
        addIfTooLarge(pax, "size", entry.size(), MAX_OCTAL_11);
        addIfTooLarge(pax, "uid", uid, MAX_OCTAL_7);
        addIfTooLarge(pax, "gid", gid, MAX_OCTAL_7);
        addIfTooLarge(pax, "mtime", entry.mtimeSeconds(), MAX_OCTAL_11);
        for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
            pax.add(PaxRecords.XATTR + ByteString.ofText(xattr.getKey()), ByteString.of(xattr.getValue()));
        }
        if (!pax.isEmpty()) {
            paxMember(name, pax.toByteArray());
        }
        byte[] h = new byte[BLOCK];
        putName(h, name, split);
        octal(h, 100, 8, entry.permissions());
        octal(h, 108, 8, within(uid, MAX_OCTAL_7));
        octal(h, 116, 8, within(gid, MAX_OCTAL_7));
        octal(h, 124, 12, within(entry.size(), MAX_OCTAL_11));
        octal(h, 136, 12, within(entry.mtimeSeconds(), MAX_OCTAL_11));
        text(h, LINK, NAME_SIZE, entry.link());
        octal(h, 329, 8, entry.major());
        octal(h, 337, 8, entry.minor());
        finishHeader(h, entry.kind().flag());
    }

    /** The content of the entry just begun, exactly {@code size} bytes of {@code file} from its position on. */
    public void content(FileChannel file, long size) throws IOException {
        long left = size;
        while (left > 0) {
            room();
            int n = file.read(ByteBuffer.wrap(buffer, used, (int) Math.min(left, buffer.length - used)));
            if (n < 0) {
                throw new EOFException("the file was truncated while it was being read");
            }
            used += n;
            left -= n;
        }
        pad(size);
    }

    /** The same, out of a stream. */
    public void content(InputStream in, long size) throws IOException {
        long left = size;
        while (left > 0) {
            room();
            int n = in.read(buffer, used, (int) Math.min(left, buffer.length - used));
            if (n < 0) {
                throw new EOFException("the content was truncated while it was being read");
            }
            used += n;
            left -= n;
        }
        pad(size);
    }

    /** Ends the tar: two blocks of zeros. */
    public void end() throws IOException {
        write(ZEROS, 2 * BLOCK);
        if (used > 0) {
            flush();
        }
    }

    /** Ends the tar. @return the digest of all bytes */
    public Digest finish() throws IOException {
        end();
        return hash.orElseThrow(() -> new IllegalStateException("nothing was hashed"))
                .finish();
    }

    @Override
    public void close() {
        hash.ifPresent(LayerHash::close);
    }

    private void paxMember(String name, byte[] records) throws IOException {
        int slash = name.lastIndexOf('/', name.length() - 2);
        String own = name.substring(0, slash + 1) + "PaxHeaders.0/"
                + name.substring(slash + 1).replace("/", "");
        byte[] h = new byte[BLOCK];
        text(h, NAME, NAME_SIZE, own.chars().allMatch(c -> c < 0x80) ? own : own.replaceAll("[^\\x00-\\x7f]", ""));
        octal(h, 100, 8, 0);
        octal(h, 108, 8, 0);
        octal(h, 116, 8, 0);
        octal(h, 124, 12, records.length);
        octal(h, 136, 12, 0);
        octal(h, 329, 8, 0);
        octal(h, 337, 8, 0);
        finishHeader(h, 'x');
        write(records, records.length);
        pad(records.length);
    }

    private void finishHeader(byte[] h, char flag) throws IOException {
        h[156] = (byte) flag;
        text(h, 257, 6, "ustar");
        text(h, 263, 2, "00");
        Arrays.fill(h, CHECKSUM, CHECKSUM + 8, (byte) ' ');
        int sum = 0;
        for (byte b : h) {
            sum += b & 0xff;
        }
        octal(h, CHECKSUM, 7, sum);
        write(h, BLOCK);
    }

    /** Where {@code name} is cut to fit into name and prefix: 0 to fit into the name alone, negative where nothing fits. */
    private static int prefixLength(String name) {
        if (name.length() <= NAME_SIZE) {
            return 0;
        }
        // The last slash that leaves something behind it and a prefix that fits.
        int slash = name.lastIndexOf('/', Math.min(PREFIX_SIZE, name.length() - 2));
        return slash > 0 && name.length() - slash - 1 <= NAME_SIZE ? slash : -1;
    }

    private static void putName(byte[] h, String name, int split) {
        if (split > 0) {
            text(h, PREFIX, PREFIX_SIZE, name.substring(0, split));
            text(h, NAME, NAME_SIZE, name.substring(split + 1));
        } else {
            text(h, NAME, NAME_SIZE, name);
        }
    }

    private static void addIfTooLarge(PaxRecords pax, String key, long value, long max) {
        if (value < 0 || value > max) {
            pax.add(key, Long.toString(value));
        }
    }

    /** What stands in the field while a PAX record has the value. */
    private static long within(long value, long max) {
        return value < 0 || value > max ? 0 : value;
    }

    private static void text(byte[] h, int at, int size, String value) {
        for (int i = 0; i < Math.min(size, value.length()); i++) {
            h[at + i] = (byte) value.charAt(i);
        }
    }

    /** Octal digits with leading zeros and a zero byte behind. */
    private static void octal(byte[] h, int at, int size, long value) {
        long rest = value;
        for (int i = at + size - 2; i >= at; i--) {
            h[i] = (byte) ('0' + (rest & 7));
            rest >>>= 3;
        }
    }

    private void pad(long size) throws IOException {
        write(ZEROS, (int) (-size & (BLOCK - 1)));
    }

    private void write(byte[] bytes, int length) throws IOException {
        int from = 0;
        while (from < length) {
            room();
            int n = Math.min(length - from, buffer.length - used);
            System.arraycopy(bytes, from, buffer, used, n);
            used += n;
            from += n;
        }
    }

    private void room() throws IOException {
        if (used == buffer.length) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (out.isPresent()) {
            out.get().write(buffer, 0, used);
        }
        if (hash.isPresent()) {
            hash.get().submit(buffer, used);
            buffer = hash.get().take();
        }
        used = 0;
    }
}
