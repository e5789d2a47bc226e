package org.layerbook.engine.layer.tar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Where the stored bytes of a file lie in it, the rest being zeros: GNU tar's sparse files, in the old format and in 0.0,
 * 0.1 and 1.0 of PAX ("GNU tar", Sparse Formats).
 *
 * @param fragments in their order, none over another
 * @param size of the whole file
 */
public record SparseMap(List<Fragment> fragments, long size) {
    /** The record that has a map; those of format 0.0 are gathered under it. */
    static final String RECORD = "GNU.sparse.map";

    private static final String PREFIX = "GNU.sparse.";
    private static final int NUMBER = 12;
    private static final int OLD_MAP = 386;
    private static final int OLD_FRAGMENTS = 4;
    private static final int OLD_SIZE = 483;
    private static final int EXTENSION_FRAGMENTS = 21;

    /** Stored bytes: where they begin in the file, and how many. */
    record Fragment(long offset, long length) {
        long end() {
            return offset + length;
        }
    }

    /** Gives what follows a header, within the bounds of what headers may take. */
    interface Blocks {
        byte[] next() throws IOException;
    }

    /** Of a file that is stored whole. */
    static SparseMap whole(long size) {
        return new SparseMap(List.of(new Fragment(0, size)), size);
    }

    /** Whether the extended header is that of a sparse file. */
    static boolean isIn(PaxRecords records) {
        return records.keys().anyMatch(key -> key.startsWith(PREFIX));
    }

    /** The name of a sparse file; the member's own is one for tars that know no sparse files. */
    static Optional<String> name(PaxRecords records) {
        return records.find(PREFIX + "name");
    }

    /** Whether the map stands before the content, in format 1.0, and not in the extended header. */
    static boolean isBeforeContent(PaxRecords records) throws IOException {
        String version = records.find(PREFIX + "major").orElse("") + "."
                + records.find(PREFIX + "minor").orElse("");
        return switch (version) {
            case "1.0" -> true;
            case "0.0", "0.1" -> false;
            case "." -> {
                if (records.find(RECORD).isEmpty()) {
                    throw new MalformedLayerException("sparse file without a map in the tar");
                }
                yield false;
            }
            default -> throw new MalformedLayerException("sparse files of format " + version + " are not supported");
        };
    }

    /** Out of an extended header, formats 0.0 and 0.1. */
    static SparseMap ofRecords(PaxRecords records, long stored) throws IOException {
        String map = records.find(RECORD).orElse("");
        List<Long> numbers = new ArrayList<>();
        for (String number : map.isEmpty() ? new String[0] : map.split(",", -1)) {
            numbers.add(decimal(number));
        }
        return of(numbers.iterator(), numbers.size(), size(records, stored), stored);
    }

    /**
     * Out of the blocks before the content, format 1.0: the number of fragments, then offset and length of each, a line
     * each.
     *
     * @param stored bytes of the member, those blocks with them
     */
    static SparseMap ofContent(PaxRecords records, long stored, Blocks blocks) throws IOException {
        var lines = new Lines(blocks);
        long count = lines.next();
        List<Long> numbers = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            numbers.add(lines.next());
            numbers.add(lines.next());
        }
        return of(numbers.iterator(), numbers.size(), size(records, stored), stored - lines.read);
    }

    /** Out of the header itself and the blocks that continue it, the old format. */
    static SparseMap ofHeader(byte[] header, long stored, Blocks blocks) throws IOException {
        List<Long> numbers = new ArrayList<>();
        byte[] block = header;
        int at = OLD_MAP;
        int count = OLD_FRAGMENTS;
        while (true) {
            for (int i = 0; i < count && block[at] != 0; i++, at += 2 * NUMBER) {
                numbers.add(TarHeader.number(block, at, NUMBER));
                numbers.add(TarHeader.number(block, at + NUMBER, NUMBER));
            }
            boolean continued = block[block == header ? OLD_SIZE - 1 : EXTENSION_FRAGMENTS * 2 * NUMBER] != 0;
            if (!continued) {
                return of(numbers.iterator(), numbers.size(), TarHeader.number(header, OLD_SIZE, NUMBER), stored);
            }
            block = blocks.next();
            at = 0;
            count = EXTENSION_FRAGMENTS;
        }
    }

    private static long size(PaxRecords records, long stored) throws IOException {
        Optional<String> size = records.find(PREFIX + "size").or(() -> records.find(PREFIX + "realsize"));
        return size.isPresent() ? decimal(size.get()) : stored;
    }

    private static SparseMap of(Iterator<Long> numbers, int count, long size, long stored) throws IOException {
        if (count % 2 != 0 || size < 0) {
            throw malformed();
        }
        List<Fragment> fragments = new ArrayList<>(count / 2);
        long end = 0;
        long sum = 0;
        while (numbers.hasNext()) {
            var fragment = new Fragment(numbers.next(), numbers.next());
            if (fragment.offset < end || fragment.length < 0 || fragment.length > size - fragment.offset) {
                throw malformed();
            }
            end = fragment.end();
            sum += fragment.length;
            fragments.add(fragment);
        }
        if (sum != stored) {
            throw malformed();
        }
        return new SparseMap(fragments, size);
    }

    private static long decimal(String number) throws IOException {
        try {
            return Long.parseUnsignedLong(number);
        } catch (NumberFormatException e) {
            throw malformed();
        }
    }

    private static MalformedLayerException malformed() {
        return new MalformedLayerException("malformed sparse file map in the tar");
    }

    /** Decimal numbers, each on a line, in whole blocks. */
    private static final class Lines {
        private final Blocks blocks;
        private byte[] block = new byte[0];
        private int at;
        private long read;

        private Lines(Blocks blocks) {
            this.blocks = blocks;
        }

        private long next() throws IOException {
            long value = 0;
            for (int digits = 0; ; digits++, at++) {
                if (at == block.length) {
                    block = blocks.next();
                    read += block.length;
                    at = 0;
                }
                if (block[at] == '\n' && digits > 0) {
                    at++;
                    return value;
                }
                int digit = block[at] - '0';
                if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
                    throw malformed();
                }
                value = value * 10 + digit;
            }
        }
    }
}
