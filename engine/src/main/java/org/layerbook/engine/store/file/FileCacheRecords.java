package org.layerbook.engine.store.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerbook.engine.image.Bytes;
import org.layerbook.engine.image.CacheRecords;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.MalformedException;

/**
 * {@code cache/SHARD/KEY}: a line that names what the record holds, separated by commas, then the content.
 * {@code cache-latest/SHARD/SHA256(POSITION)}: a key.
 */
public final class FileCacheRecords implements CacheRecords {
    private static final Duration USED_PRECISION = Duration.ofHours(1);

    private final ShardedFolder<Stored> records;
    private final ShardedFolder<Digest> latest;
    private final GcBarrier barrier;

    /** A record without the time, which is the file's. */
    public record Stored(Digest key, Bytes content, Set<GcRoot> holds) {}

    public FileCacheRecords(StoreFiles files, GcBarrier barrier) {
        Path home = files.home();
        this.records = new ShardedFolder<>(
                files, home.resolve("cache"), ShardedFolder.Content.DERIVED, FileCacheRecords::parse);
        this.latest = new ShardedFolder<>(
                files,
                home.resolve("cache-latest"),
                ShardedFolder.Content.DERIVED,
                (name, content) -> Digest.parse(ascii(content)));
        this.barrier = barrier;
    }

    @Override
    public Optional<Record> get(Digest key) throws IOException {
        Optional<Stored> stored = records.get(shard(key), key.hex());
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        Optional<Instant> used = used(key);
        if (used.isPresent() && used.get().isBefore(Instant.now().minus(USED_PRECISION))) {
            records.touch(shard(key), key.hex());
        }
        return used.map(time -> record(stored.get(), time));
    }

    private Optional<Instant> used(Digest key) throws IOException {
        try {
            return Optional.of(Instant.ofEpochMilli(records.modifiedMillis(shard(key), key.hex())));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // removed since
        }
    }

    @Override
    public void put(Digest key, byte[] content, Collection<GcRoot> holds, List<String> positions) throws IOException {
        String line = holds.stream().distinct().map(GcRoot::toString).collect(Collectors.joining(",")) + "\n";
        byte[] head = line.getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, whole, head.length, content.length);
        try (var _ = barrier.enter()) {
            records.put(shard(key), key.hex(), whole);
            for (String position : positions) {
                Digest place = place(position);
                latest.put(shard(place), place.hex(), key.toString().getBytes(StandardCharsets.US_ASCII));
            }
        }
    }

    @Override
    public Optional<Digest> latest(String position) throws IOException {
        Digest place = place(position);
        return latest.get(shard(place), place.hex()).filter(key -> records.contains(shard(key), key.hex()));
    }

    @Override
    public boolean remove(Digest key) throws IOException {
        return records.remove(shard(key), key.hex());
    }

    @Override
    public List<Record> list() throws IOException {
        var list = new ArrayList<Record>();
        for (Stored stored : records.all()) {
            used(stored.key()).ifPresent(time -> list.add(record(stored, time)));
        }
        return List.copyOf(list);
    }

    /** What the collector and verification read. */
    public ShardedFolder<Stored> records() {
        return records;
    }

    /** Forgets the positions whose last key is gone. */
    public void tidy() throws IOException {
        for (String shard : ShardedFolder.SHARDS) {
            for (Map.Entry<String, Digest> entry : latest.shard(shard).entrySet()) {
                Digest key = entry.getValue();
                if (!records.contains(shard(key), key.hex())) {
                    latest.remove(shard, entry.getKey());
                }
            }
        }
    }

    private static Record record(Stored stored, Instant used) {
        return new Record(stored.key(), stored.content(), stored.holds(), used);
    }

    private static Stored parse(String name, byte[] whole) throws IOException {
        int end = 0;
        while (end < whole.length && whole[end] != '\n') {
            end++;
        }
        if (end == whole.length) {
            throw new MalformedException("cache/" + name, "", "has no first line");
        }
        var holds = new LinkedHashSet<GcRoot>();
        try {
            for (String text : ascii(Arrays.copyOf(whole, end)).split(",")) {
                if (!text.isEmpty()) {
                    holds.add(GcRoot.parse(text));
                }
            }
            return new Stored(
                    new Digest("sha256", name), Bytes.of(Arrays.copyOfRange(whole, end + 1, whole.length)), holds);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("cache/" + name, "", e.getMessage());
        }
    }

    private static Digest place(String position) {
        return Digest.sha256(position.getBytes(StandardCharsets.UTF_8));
    }

    private static String shard(Digest digest) {
        return digest.hex().substring(0, 2);
    }

    private static String ascii(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
