package org.layerbook.engine.store.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.layerbook.engine.image.DamagedRecordException;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.WrongKindException;
import org.layerbook.engine.oci.MalformedException;

/**
 * Small files, one a record, in up to 256 folders named by two hex digits. One record is read, replaced or removed
 * without touching any other; all of them are listed without reading again what has not changed.
 *
 * <p>A damaged record is an error if its content exists nowhere else; one that can be derived again counts as absent and is
 * replaced when it is next written.
 *
 * <p>What was read is remembered a folder at a time, and holds while the folder's change time does, which every rename into
 * it and every removal changes. The file system's clock ticks coarsely, so a folder that was changed just
 * before it was read is read again the next time.
 *
 * @param <T> immutable
 */
public final class ShardedFolder<T> {
    /** {@code 00} to {@code ff}. */
    static final List<String> SHARDS = IntStream.range(0, 256)
            .mapToObj(i -> HexFormat.of().toHexDigits((byte) i))
            .toList();

    private static final Pattern SHARD = Pattern.compile("[0-9a-f]{2}");

    private static final long TICK_MILLIS = 200;
    /** Opening so many files takes about as long as writing the index of ten thousand. */
    private static final int WORTH_AN_INDEX = 128;

    private final StoreFiles files;
    private final Path root;
    private final Parser<T> parser;
    private final Content kind;
    private final Optional<ShardIndex<T>> index;
    private final Map<Path, Shard<T>> remembered = new ConcurrentHashMap<>();
    /** About how many records this process has read that the index does not have. */
    private volatile int unindexed;

    private volatile All<T> last = new All<>(List.of(), List.of());

    /** What a record is worth. */
    enum Content {
        /** The one place where something stands. */
        KEPT,
        /** Made again by whoever misses it. */
        DERIVED
    }

    @FunctionalInterface
    interface Parser<T> {
        /** The record that the file {@code name} with {@code content} is. */
        T parse(String name, byte[] content) throws IOException;
    }

    /** @param indexed whether the index has it */
    private record Shard<T>(ShardIndex.Stamp stamp, boolean settled, boolean indexed, Map<String, T> records) {}

    private record All<T>(List<Map<String, T>> shards, List<T> records) {}

    ShardedFolder(StoreFiles files, Path root, Content kind, Parser<T> parser) {
        this(files, root, kind, parser, Optional.empty());
    }

    /** @param index where what was read is kept for other processes */
    ShardedFolder(StoreFiles files, Path root, Content kind, Parser<T> parser, Optional<ShardIndex<T>> index) {
        this.kind = kind;
        this.files = files;
        this.root = root;
        this.parser = parser;
        this.index = index;
    }

    /** @param shard two hex digits */
    private Path path(String shard, String name) {
        return root.resolve(shard).resolve(name);
    }

    Optional<T> get(String shard, String name) throws IOException {
        return usable(path(shard, name));
    }

    /** As {@link #get}, for whoever replaces or removes the record: one that is damaged is none. */
    Optional<T> getIfWhole(String shard, String name) throws IOException {
        try {
            return parsed(path(shard, name));
        } catch (DamagedRecordException e) {
            return Optional.empty();
        }
    }

    /** Empty where there is none, or where it is damaged and can be derived. */
    private Optional<T> usable(Path file) throws IOException {
        try {
            return parsed(file);
        } catch (DamagedRecordException e) {
            if (kind == Content.DERIVED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Optional<T> parsed(Path file) throws IOException {
        try {
            Optional<byte[]> content = StoreFiles.read(file);
            return content.isEmpty()
                    ? Optional.empty()
                    : Optional.of(parser.parse(file.getFileName().toString(), content.get()));
        } catch (WrongKindException e) {
            throw damaged(file, "it " + e.getReason(), e);
        } catch (NotDirectoryException e) {
            throw notAFolder(file.getParent());
        } catch (AccessDeniedException e) {
            throw damaged(file, "it cannot be read (permission denied)", e);
        } catch (MalformedException | RuntimeException e) {
            throw damaged(file, String.valueOf(e.getMessage()), e); // whatever stands there, it is no fault of ours
        }
    }

    private DamagedRecordException damaged(Path file, String what, Exception e) {
        Path home = files.home();
        String wayOn = switch (kind) {
            case KEPT ->
                "; run `layerbook doctor --verify` to check the store, or remove this file to discard the entry";
            case DERIVED -> "; it is safe to remove";
        };
        return new DamagedRecordException(
                home.relativize(file) + " in the store " + home + " is damaged: " + what + wayOn, e);
    }

    boolean contains(String shard, String name) {
        return Files.exists(path(shard, name), LinkOption.NOFOLLOW_LINKS);
    }

    /** Reads no record. */
    List<String> fileNames(String shard) throws IOException {
        return list(root.resolve(shard)).stream()
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
        return Files.getLastModifiedTime(path(shard, name), LinkOption.NOFOLLOW_LINKS)
                .toMillis();
    }

    /** Every record, those of one shard sorted by file name; the same list as before while nothing has changed. */
    public List<T> all() throws IOException {
        var shards = new ArrayList<Map<String, T>>();
        var folders = new ArrayList<ShardIndex.Folder<T>>();
        int read = 0;
        for (Path folder : shards()) {
            Shard<T> before = remembered.get(folder);
            Shard<T> shard = load(folder);
            shards.add(shard.records);
            if (shard.settled) {
                folders.add(new ShardIndex.Folder<>(folder.getFileName().toString(), shard.stamp, shard.records));
                read += shard == before || shard.indexed ? 0 : shard.records.size();
            }
        }
        unindexed = unindexed + read; // roughly is good enough
        int total = shards.stream().mapToInt(Map::size).sum();
        if (unindexed >= Math.max(WORTH_AN_INDEX, total / 8) && index.isPresent() && !files.isReadOnly()) {
            index.get().write(files, folders);
            unindexed = 0;
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
    public interface Visitor<X> {
        void visit(String name, X what) throws IOException;
    }

    /** Reads everything again, and gives the records that can be read. */
    public void readable(Visitor<T> visitor) throws IOException {
        readAll(visitor, (name, e) -> {});
    }

    /** Reads everything again, and gives the files that cannot be read. */
    public void unreadable(Visitor<IOException> visitor) throws IOException {
        readAll((name, record) -> {}, visitor);
    }

    private void readAll(Visitor<T> good, Visitor<IOException> bad) throws IOException {
        for (Path folder : entries()) {
            if (!LinuxFiles.isDirectory(folder)) {
                bad.visit(folder.getFileName().toString(), notAFolder(folder));
                continue;
            }
            for (String name : fileNames(folder.getFileName().toString())) {
                Optional<T> record;
                try {
                    record = parsed(folder.resolve(name));
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

    /** The file names of one shard that are wanted, without opening any that was read before, by whomever. */
    List<String> knownNames(String shard, ShardIndex.Wanted wanted) throws IOException {
        Path folder = root.resolve(shard);
        ShardIndex.Stamp stamp = ShardIndex.Stamp.of(folder);
        Shard<T> known = remembered.get(folder);
        boolean isKnown = known != null && known.settled && known.stamp.equals(stamp);
        if (!isKnown) {
            Optional<List<String>> indexed = index.flatMap(kept -> kept.names(shard, stamp, wanted));
            if (indexed.isPresent()) {
                return indexed.get();
            }
        }
        Collection<String> all = isKnown ? known.records.keySet() : fileNames(shard);
        return all.stream().filter(name -> wanted.test(name, 0)).toList();
    }

    private List<Path> shards() throws IOException {
        List<Path> all = entries();
        for (Path entry : all) {
            if (kind == Content.KEPT && !LinuxFiles.isDirectory(entry)) {
                throw notAFolder(entry);
            }
        }
        return all.stream().filter(LinuxFiles::isDirectory).toList();
    }

    /** What lies in one shard. */
    private List<Path> list(Path folder) throws IOException {
        try {
            return StoreFiles.list(folder);
        } catch (WrongKindException e) {
            if (kind == Content.DERIVED) {
                return List.of();
            }
            throw notAFolder(folder);
        }
    }

    private DamagedRecordException notAFolder(Path entry) {
        return damaged(entry, "it is not a directory", null);
    }

    private List<Path> entries() throws IOException {
        return StoreFiles.list(root).stream()
                .filter(folder -> SHARD.matcher(folder.getFileName().toString()).matches())
                .sorted()
                .toList();
    }

    private Shard<T> load(Path folder) throws IOException {
        ShardIndex.Stamp stamp = ShardIndex.Stamp.of(folder);
        Shard<T> known = remembered.get(folder);
        if (known != null && known.settled && known.stamp.equals(stamp)) {
            return known;
        }
        Optional<Map<String, T>> indexed =
                index.flatMap(kept -> kept.records(folder.getFileName().toString(), stamp));
        Shard<T> shard = indexed.isPresent()
                ? new Shard<>(stamp, true, true, indexed.get())
                : new Shard<>(stamp, System.currentTimeMillis() - stamp.millis() > TICK_MILLIS, false, read(folder));
        remembered.put(folder, shard);
        return shard;
    }

    private Map<String, T> read(Path folder) throws IOException {
        var records = new TreeMap<String, T>();
        for (Path file : list(folder)) {
            Optional<T> record = usable(file);
            if (record.isPresent()) { // else removed since it was listed
                records.put(file.getFileName().toString(), record.get());
            }
        }
        return Collections.unmodifiableMap(records);
    }
}
