package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Small files, one a record, in up to 256 folders named by two hex digits. One record is read, replaced or removed
 * without touching any other; all of them are listed without reading again what has not changed.
 *
 * <p>What was read is remembered a folder at a time, and holds while the folder's modification time does, which every
 * rename into it and every removal changes. The file system's clock ticks coarsely, so a folder that was changed just
 * before it was read is read again the next time.
 *
 * @param <T> immutable
 */
final class ShardedFolder<T> {
    /** {@code 00} to {@code ff}. */
    static final List<String> SHARDS = IntStream.range(0, 256)
            .mapToObj(i -> HexFormat.of().toHexDigits((byte) i))
            .toList();

    private static final long TICK_MILLIS = 200;

    private final StoreFiles files;
    private final Path root;
    private final Parser<T> parser;
    private final Map<Path, Shard<T>> remembered = new ConcurrentHashMap<>();
    private volatile All<T> last = new All<>(List.of(), List.of());

    @FunctionalInterface
    interface Parser<T> {
        /** The record that the file {@code name} with {@code content} is. */
        T parse(String name, byte[] content) throws IOException;
    }

    private record Shard<T>(long modified, boolean settled, Map<String, T> records) {}

    private record All<T>(List<Map<String, T>> shards, List<T> records) {}

    ShardedFolder(StoreFiles files, Path root, Parser<T> parser) {
        this.files = files;
        this.root = root;
        this.parser = parser;
    }

    /** @param shard two hex digits */
    private Path path(String shard, String name) {
        return root.resolve(shard).resolve(name);
    }

    Optional<T> get(String shard, String name) throws IOException {
        Optional<byte[]> content = StoreFiles.read(path(shard, name));
        return content.isEmpty() ? Optional.empty() : Optional.of(parser.parse(name, content.get()));
    }

    boolean contains(String shard, String name) {
        return Files.exists(path(shard, name));
    }

    /** Reads no record. */
    List<String> fileNames(String shard) throws IOException {
        return StoreFiles.list(root.resolve(shard)).stream()
                .map(file -> file.getFileName().toString())
                .toList();
    }

    void put(String shard, String name, byte[] content) throws IOException {
        files.replace(path(shard, name), content);
    }

    boolean remove(String shard, String name) throws IOException {
        return files.delete(path(shard, name));
    }

    boolean touch(String shard, String name) throws IOException {
        return files.touch(path(shard, name));
    }

    long modifiedMillis(String shard, String name) throws IOException {
        return Files.getLastModifiedTime(path(shard, name)).toMillis();
    }

    /** Every record, those of one shard sorted by file name; the same list as before while nothing has changed. */
    List<T> all() throws IOException {
        var shards = new ArrayList<Map<String, T>>();
        for (Path folder : shards()) {
            shards.add(load(folder).records);
        }
        All<T> before = last;
        if (same(before.shards, shards)) {
            return before.records;
        }
        List<T> records =
                shards.stream().flatMap(shard -> shard.values().stream()).toList();
        last = new All<>(shards, records);
        return records;
    }

    private static <T> boolean same(List<Map<String, T>> some, List<Map<String, T>> others) {
        return some.size() == others.size()
                && IntStream.range(0, some.size()).allMatch(i -> some.get(i) == others.get(i));
    }

    /** The records of one shard by file name, sorted. */
    Map<String, T> shard(String shard) throws IOException {
        return load(root.resolve(shard)).records;
    }

    @FunctionalInterface
    interface Visitor<X> {
        void visit(String name, X what) throws IOException;
    }

    /** Reads everything again, and gives the records that can be read. */
    void readable(Visitor<T> visitor) throws IOException {
        readAll(visitor, (name, e) -> {});
    }

    /** Reads everything again, and gives the files that cannot be read. */
    void unreadable(Visitor<IOException> visitor) throws IOException {
        readAll((name, record) -> {}, visitor);
    }

    private void readAll(Visitor<T> good, Visitor<IOException> bad) throws IOException {
        for (Path folder : shards()) {
            for (String name : fileNames(folder.getFileName().toString())) {
                Optional<T> record;
                try {
                    record = get(folder.getFileName().toString(), name);
                } catch (IOException e) {
                    bad.visit(name, e);
                    continue;
                }
                if (record.isPresent()) {
                    good.visit(name, record.get());
                }
            }
        }
    }

    List<String> shardNames() throws IOException {
        return shards().stream().map(folder -> folder.getFileName().toString()).toList();
    }

    /** The records of one shard by file name, if they were read before and have not changed. */
    Optional<Map<String, T>> remembered(String shard) throws IOException {
        Path folder = root.resolve(shard);
        Shard<T> known = remembered.get(folder);
        return known != null && known.settled && known.modified == modified(folder)
                ? Optional.of(known.records)
                : Optional.empty();
    }

    /** Nanoseconds; 0 when the folder is not there. */
    private static long modified(Path folder) throws IOException {
        try {
            return Files.getLastModifiedTime(folder).to(TimeUnit.NANOSECONDS);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }

    private List<Path> shards() throws IOException {
        return StoreFiles.list(root).stream().sorted().toList();
    }

    private Shard<T> load(Path folder) throws IOException {
        long modified = modified(folder);
        Shard<T> known = remembered.get(folder);
        if (known != null && known.settled && known.modified == modified) {
            return known;
        }
        boolean settled = System.currentTimeMillis() - modified / 1_000_000 > TICK_MILLIS;
        var records = new TreeMap<String, T>();
        for (Path file : StoreFiles.list(folder)) {
            String name = file.getFileName().toString();
            Optional<byte[]> content = StoreFiles.read(file);
            if (content.isPresent()) { // else removed since it was listed
                records.put(name, parser.parse(name, content.get()));
            }
        }
        var shard = new Shard<>(modified, settled, Collections.unmodifiableMap(records));
        remembered.put(folder, shard);
        return shard;
    }
}
