package org.layerbook.engine.layer.tar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The records of a PAX extended header, {@code "LENGTH KEY=VALUE\n"} each, LENGTH counting its own digits too. Keys and
 * values are raw: values of extended attributes are any bytes.
 */
public final class PaxRecords {
    /** What the keys of extended attributes begin with. */
    static final String XATTR = "SCHILY.xattr.";

    private final Map<String, String> records = new LinkedHashMap<>();

    void add(String key, String value) {
        records.put(key, value);
    }

    void addIfAbsent(String key, String value) {
        records.putIfAbsent(key, value);
    }

    void addAll(PaxRecords others) {
        records.putAll(others.records);
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    Stream<String> keys() {
        return records.keySet().stream();
    }

    /** The value of {@code key}. An empty one takes back what an earlier header said, as POSIX has it. */
    Optional<String> find(String key) {
        return Optional.ofNullable(records.get(key)).filter(value -> !value.isEmpty());
    }

    /** Extended attributes by name, raw; of these an empty value is one. */
    SortedMap<String, String> xattrs() {
        var xattrs = new TreeMap<String, String>();
        records.forEach((key, value) -> {
            if (key.startsWith(XATTR)) {
                xattrs.put(key.substring(XATTR.length()), value);
            }
        });
        return xattrs;
    }

    byte[] toByteArray() {
        StringBuilder all = new StringBuilder();
        for (Entry<String, String> record : records.entrySet()) {
            int rest = record.getKey().length() + record.getValue().length() + 3;
            int length = rest + Integer.toString(rest).length();
            if (Integer.toString(length).length() > Integer.toString(rest).length()) {
                length++;
            }
            all.append(length)
                    .append(' ')
                    .append(record.getKey())
                    .append('=')
                    .append(record.getValue())
                    .append('\n');
        }
        return all.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    static PaxRecords parse(byte[] bytes) throws IOException {
        PaxRecords result = new PaxRecords();
        var sparse = new SparseRecords();
        int at = 0;
        while (at < bytes.length && bytes[at] != 0) {
            int space = indexOf(bytes, ' ', at, Math.min(bytes.length, at + 10));
            int length = space < 0 ? -1 : decimal(bytes, at, space);
            int end = at + length;
            if (length < 0 || end > bytes.length || end <= space + 1 || bytes[end - 1] != '\n') {
                throw new MalformedLayerException("malformed PAX record in the tar");
            }
            int equals = indexOf(bytes, '=', space + 1, end);
            if (equals <= space + 1) {
                throw new MalformedLayerException("PAX record without a key in the tar");
            }
            String key = ByteString.of(bytes, space + 1, equals);
            String value = ByteString.of(bytes, equals + 1, end - 1);
            if (SparseRecords.has(key)) {
                sparse.add(key, value);
            } else {
                result.add(key, value);
            }
            at = end;
        }
        if (!sparse.map.isEmpty()) {
            result.add(SparseMap.RECORD, sparse.map.toString());
        }
        return result;
    }

    /** The map of a sparse file in GNU tar's format 0.0: records of two keys in turn, and the only ones to come again. */
    private static final class SparseRecords {
        private final StringBuilder map = new StringBuilder();
        private boolean offsetNext = true;

        private static boolean has(String key) {
            return key.equals("GNU.sparse.offset") || key.equals("GNU.sparse.numbytes");
        }

        private void add(String key, String value) throws IOException {
            if (key.equals("GNU.sparse.offset") != offsetNext || value.indexOf(',') >= 0) {
                throw new MalformedLayerException("malformed sparse file map in the tar");
            }
            map.append(map.isEmpty() ? "" : ",").append(value);
            offsetNext = !offsetNext;
        }
    }

    private static int indexOf(byte[] bytes, char c, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == c) {
                return i;
            }
        }
        return -1;
    }

    /** At most nine digits; negative where it is none. */
    private static int decimal(byte[] bytes, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return from == to ? -1 : value;
    }
}
