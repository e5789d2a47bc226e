package org.layerbook.engine.layer.tar;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The fields of one header block, checked. */
public final class TarHeader {
    private static final int MAX_NAME = 4096;
    private static final int MAX_XATTR = 65536;

    private final byte[] block;
    private final long size;

    /** @param block is read now and in {@link #entry} */
    TarHeader(byte[] block) throws IOException {
        this.block = block;
        if (!isOne(block)) {
            throw new MalformedLayerException("malformed tar: the checksum of a header is wrong");
        }
        this.size = number(124, 12);
    }

    char flag() {
        return (char) (block[156] & 0xff);
    }

    long size() {
        return size;
    }

    /**
     * Of a sparse file with the size that is stored.
     *
     * @param records what extended headers said before it; they take precedence
     */
    TarEntry entry(PaxRecords records) throws IOException {
        String name =
                checked(SparseMap.name(records).or(() -> records.find("path")).orElseGet(this::name));
        String link = checked(records.find("linkpath").orElseGet(() -> text(157, 100)));
        TarEntry.Kind kind = kind(name);
        boolean device = kind == TarEntry.Kind.CHAR_DEVICE || kind == TarEntry.Kind.BLOCK_DEVICE;
        Time time = time(records.find("mtime"));
        return new TarEntry(
                kind,
                name,
                (int) number(100, 8) & 07777,
                owner(records, "uid", number(108, 8)),
                owner(records, "gid", number(116, 8)),
                // Nothing else has content, whatever its header says: old tars give links the size of their file.
                kind == TarEntry.Kind.FILE ? contentSize(records, name) : 0,
                time.seconds(),
                time.nanos(),
                kind == TarEntry.Kind.SYMLINK || kind == TarEntry.Kind.HARD_LINK ? link : "",
                device ? (int) number(329, 8) : 0,
                device ? (int) number(337, 8) : 0,
                xattrs(records, name));
    }

    /** A file in the old format of GNU tar's sparse files. */
    boolean isSparse() {
        return flag() == 'S';
    }

    private TarEntry.Kind kind(String name) throws IOException {
        return switch (flag()) {
            case '0', '\0', '7', 'S' -> name.endsWith("/") ? TarEntry.Kind.DIRECTORY : TarEntry.Kind.FILE;
            case '1' -> TarEntry.Kind.HARD_LINK;
            case '2' -> TarEntry.Kind.SYMLINK;
            case '3' -> TarEntry.Kind.CHAR_DEVICE;
            case '4' -> TarEntry.Kind.BLOCK_DEVICE;
            case '5' -> TarEntry.Kind.DIRECTORY;
            case '6' -> TarEntry.Kind.FIFO;
            default ->
                throw new MalformedLayerException(
                        "unknown type of member '" + flag() + "' in the tar: " + ByteString.text(name));
        };
    }

    private String name() {
        boolean ustar = text(257, 6).equals("ustar") && block[262] == 0;
        if (!ustar || block[345] == 0) {
            return text(0, 100);
        }
        boolean star = text(508, 4).equals("tar");
        return text(345, star ? 131 : 155) + "/" + text(0, 100);
    }

    private static String checked(String name) throws IOException {
        if (name.length() > MAX_NAME || name.indexOf('\0') >= 0) {
            throw new MalformedLayerException("invalid tar: a name of " + name.length() + " bytes, or with a NUL byte");
        }
        return name;
    }

    private long contentSize(PaxRecords records, String name) throws IOException {
        long result = decimal(records, "size", size);
        if (result < 0) {
            throw new MalformedLayerException("negative size in the tar: " + ByteString.text(name));
        }
        return result;
    }

    private static int owner(PaxRecords records, String key, long inHeader) throws IOException {
        long id = decimal(records, key, inHeader);
        // The last one means "leave it" to the kernel.
        if (id < 0 || id >= 0xffffffffL) {
            throw new MalformedLayerException("invalid tar: " + key + " " + id + " is out of range");
        }
        return (int) id;
    }

    private static long decimal(PaxRecords records, String key, long otherwise) throws IOException {
        Optional<String> value = records.find(key);
        try {
            return value.isPresent() ? Long.parseLong(value.get()) : otherwise;
        } catch (NumberFormatException e) {
            throw new MalformedLayerException("malformed " + key + " in the tar: " + ByteString.text(value.get()), e);
        }
    }

    private record Time(long seconds, int nanos) {}

    /** A decimal fraction of any length, also negative; nanoseconds always count forwards. */
    private Time time(Optional<String> record) throws IOException {
        if (record.isEmpty()) {
            return new Time(number(136, 12), 0);
        }
        String value = record.get();
        int point = value.indexOf('.');
        try {
            long seconds = Long.parseLong(point < 0 ? value : value.substring(0, point));
            if (point < 0) {
                return new Time(seconds, 0);
            }
            int nanos = Integer.parseUnsignedInt((value.substring(point + 1) + "000000000").substring(0, 9));
            return value.startsWith("-") && nanos > 0
                    ? new Time(seconds - 1, 1_000_000_000 - nanos)
                    : new Time(seconds, nanos);
        } catch (NumberFormatException e) {
            throw new MalformedLayerException("malformed mtime in the tar: " + ByteString.text(value), e);
        }
    }

    private static SortedMap<String, byte[]> xattrs(PaxRecords records, String name) throws IOException {
        SortedMap<String, byte[]> result = new TreeMap<>();
        for (Map.Entry<String, String> xattr : records.xattrs().entrySet()) {
            if (xattr.getValue().length() > MAX_XATTR) {
                throw new MalformedLayerException(
                        "invalid tar: extended attribute too large: " + ByteString.text(name));
            }
            result.put(ByteString.text(xattr.getKey()), ByteString.bytes(xattr.getValue()));
        }
        return result.isEmpty() ? TarEntry.NO_XATTRS : result;
    }

    private String text(int at, int length) {
        return text(block, at, length);
    }

    private static String text(byte[] block, int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return ByteString.of(block, at, end);
    }

    private long number(int at, int length) throws IOException {
        return number(block, at, length);
    }

    /** Octal digits between spaces and zeros, or base 256 where the first bit is set (GNU). */
    static long number(byte[] block, int at, int length) throws IOException {
        if ((block[at] & 0x80) != 0) {
            return base256(block, at, length);
        }
        String digits = text(block, at, length).strip();
        if (digits.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new MalformedLayerException("malformed number in a header of the tar", e);
        }
    }

    private static long base256(byte[] block, int at, int length) throws IOException {
        boolean negative = (block[at] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = 0; i < length; i++) {
            int b = i == 0 ? block[at] & 0x3f | (negative ? 0xc0 : 0) : block[at + i] & 0xff;
            if (value != (value << 8) >> 8) {
                throw new MalformedLayerException("a number in a header of the tar is too large");
            }
            value = value << 8 | b;
        }
        return value;
    }

    /** Whether the checksum is right, computed with signed bytes or, as it should be, without. */
    static boolean isOne(byte[] block) {
        int unsigned = 0;
        int signed = 0;
        for (int i = 0; i < TarWriter.BLOCK; i++) {
            byte b = i >= 148 && i < 156 ? (byte) ' ' : block[i];
            unsigned += b & 0xff;
            signed += b;
        }
        try {
            long expected = number(block, 148, 8);
            return expected == unsigned || expected == signed;
        } catch (IOException e) {
            return false;
        }
    }
}
