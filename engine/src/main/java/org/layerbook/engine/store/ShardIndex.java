package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.linux.Errno;
import org.layerbook.engine.linux.FileStat;
import org.layerbook.engine.linux.LinuxException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.RegularFile;

/**
 * What was once read from the small files of a {@link ShardedFolder}, in one file, so that the first list of a process does
 * not open ten thousand. It decides nothing: of each folder it says at which inode and change time it was read, and counts
 * only for the folders that are at both still. A program cannot set a change time, so a folder that was changed, copied or
 * restored has another. Lost, torn or foreign, it costs time and no more; whoever writes it replaces it whole.
 *
 * <p>ISO 8859-1: a first line; for each folder {@code =SHARD INODE SECONDS NANOS}, then a line a record, the file's name
 * first, fields separated by tabs; a last line.
 *
 * @param <T> a record, without its name
 */
final class ShardIndex<T> {
    private static final String HEAD = "layerbook index 2\n";
    /** So that one that was cut off is seen to be. */
    private static final String FOOT = "end\n";

    /** Of half a million images. */
    private static final int MOST_BYTES = 128 << 20;

    private final Path file;
    private final Form<T> form;
    private Optional<String> text = Optional.empty();
    private Map<String, Part> parts = Map.of();

    /** A record as the fields of a line. */
    interface Form<T> {
        /** Fields separated by tabs; no line break, nothing beyond ISO 8859-1. */
        String write(T one);

        /** @throws RuntimeException when it is none: then the folder is read */
        T read(String name, String[] fields);
    }

    /** A folder as it was when it was read. */
    record Stamp(long inode, long seconds, int nanos) {
        static final Stamp NONE = new Stamp(0, 0, 0);

        static Stamp of(Path folder) throws IOException {
            try {
                FileStat stat = LinuxFiles.statFollowing(folder);
                return new Stamp(stat.inode(), stat.ctimeSeconds(), stat.ctimeNanos());
            } catch (LinuxException e) {
                if (e.is(Errno.ENOENT)) {
                    return NONE;
                }
                throw e;
            }
        }

        long millis() {
            return seconds * 1000 + nanos / 1_000_000;
        }
    }

    private record Part(Stamp stamp, int begin, int end) {}

    ShardIndex(Path file, Form<T> form) {
        this.file = file;
        this.form = form;
    }

    /** Whether the name that stands in {@code text} from {@code at} is wanted. */
    @FunctionalInterface
    interface Wanted {
        boolean test(String text, int at);
    }

    /** The wanted file names of a folder, if it is as it was; in order. */
    Optional<List<String>> names(String shard, Stamp stamp, Wanted wanted) {
        Optional<Part> part = part(shard, stamp);
        if (part.isEmpty()) {
            return Optional.empty();
        }
        var names = new ArrayList<String>();
        String all = text.orElseThrow();
        try {
            for (int at = part.get().begin; at < part.get().end; at = all.indexOf('\n', at) + 1) {
                if (wanted.test(all, at)) {
                    names.add(all.substring(at, all.indexOf('\t', at)));
                }
            }
        } catch (RuntimeException e) {
            return Optional.empty();
        }
        return Optional.of(names);
    }

    /** The records of a folder by file name, if it is as it was; in order. */
    Optional<Map<String, T>> records(String shard, Stamp stamp) {
        Optional<Part> part = part(shard, stamp);
        if (part.isEmpty()) {
            return Optional.empty();
        }
        var records = new LinkedHashMap<String, T>();
        String all = text.orElseThrow();
        try {
            for (int at = part.get().begin; at < part.get().end; ) {
                int end = all.indexOf('\n', at);
                String[] fields = fields(all, at, end);
                records.put(fields[0], form.read(fields[0], fields));
                at = end + 1;
            }
        } catch (RuntimeException e) {
            return Optional.empty();
        }
        return Optional.of(Collections.unmodifiableMap(records));
    }

    private static String[] fields(String all, int begin, int end) {
        var fields = new ArrayList<String>();
        for (int at = begin; at <= end; ) {
            int tab = all.indexOf('\t', at);
            int to = tab < 0 || tab > end ? end : tab;
            fields.add(all.substring(at, to));
            at = to + 1;
        }
        return fields.toArray(String[]::new);
    }

    private synchronized Optional<Part> part(String shard, Stamp stamp) {
        if (text.isEmpty()) {
            load();
        }
        return Optional.ofNullable(parts.get(shard)).filter(part -> part.stamp.equals(stamp));
    }

    private void load() {
        text = Optional.of("");
        try {
            String whole =
                    new String(RegularFile.read(file, MOST_BYTES).orElse(new byte[0]), StandardCharsets.ISO_8859_1);
            if (whole.startsWith(HEAD) && whole.endsWith(FOOT)) {
                String read = whole.substring(0, whole.length() - FOOT.length());
                parts = parts(read);
                text = Optional.of(read);
            }
        } catch (IOException | RuntimeException e) {
            parts = Map.of();
        }
    }

    private static Map<String, Part> parts(String read) {
        var found = new HashMap<String, Part>();
        int at = read.indexOf('\n') + 1;
        while (at < read.length()) {
            int begin = read.indexOf('\n', at) + 1;
            String[] head = read.substring(at + 1, begin - 1).split(" ");
            int next = read.indexOf("\n=", begin - 1);
            int end = next < 0 ? read.length() : next + 1;
            var stamp = new Stamp(Long.parseLong(head[1]), Long.parseLong(head[2]), Integer.parseInt(head[3]));
            found.put(head[0], new Part(stamp, begin, end));
            at = end;
        }
        return found;
    }

    /** One folder to be written. */
    record Folder<T>(String shard, Stamp stamp, Map<String, T> records) {}

    /** Replaces the file. That it cannot be written is no failure of whoever lists. */
    void write(StoreFiles files, List<Folder<T>> folders) {
        var out = new StringBuilder(HEAD);
        for (Folder<T> folder : folders) {
            Stamp stamp = folder.stamp;
            out.append('=').append(folder.shard).append(' ').append(stamp.inode).append(' ');
            out.append(stamp.seconds).append(' ').append(stamp.nanos).append('\n');
            folder.records.forEach((name, one) ->
                    out.append(name).append('\t').append(form.write(one)).append('\n'));
        }
        out.append(FOOT);
        try {
            files.replace(file, out.toString().getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // a full disk, a store that cannot be written to: the next one reads the small files again
        }
    }
}
