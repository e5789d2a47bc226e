package org.layerbook.interpreter.command.system;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.layerbook.engine.builder.BuilderFolders;
import org.layerbook.engine.image.CacheRecords;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.interpreter.command.image.SharedSizes;
import org.layerbook.interpreter.command.spec.CommandServices;

/** The build cache as {@code buildx du} lists it: results of steps, cache mounts, what is remembered of contexts. */
final class BuildCacheEntries {
    private static final int ID_LENGTH = 25;

    private final CommandServices services;
    private final BuilderFolders folders;
    private final Map<GcRoot, Integer> holders = new HashMap<>();
    private final Map<GcRoot, Long> sizes = new HashMap<>();
    private final List<CacheEntry> entries = new ArrayList<>();

    /**
     * @param type as BuildKit calls it
     * @param size bytes that go with it, unless another entry has them too
     * @param shared whether an image has all that it holds
     * @param what either of the two
     */
    record CacheEntry(
            String id,
            String type,
            String description,
            long size,
            Instant used,
            boolean shared,
            boolean inUse,
            Optional<CacheRecords.Record> step,
            Optional<BuilderFolders.Item> item) {}

    private BuildCacheEntries(CommandServices services) {
        this.services = services;
        this.folders = new BuilderFolders(services.store());
    }

    /** @param images all of the store */
    static BuildCacheEntries of(CommandServices services, SharedSizes images) throws IOException {
        var all = new BuildCacheEntries(services);
        for (CacheRecords.Record record : services.store().cache().list()) {
            all.add(record, images);
        }
        for (BuilderFolders.Item item : all.folders.list()) {
            all.entries.add(new CacheEntry(
                    item.id(),
                    item.type().word(),
                    item.description(),
                    item.size(),
                    item.used(),
                    false,
                    item.inUse(),
                    Optional.empty(),
                    Optional.of(item)));
        }
        all.entries.sort(Comparator.comparing(CacheEntry::used).reversed());
        return all;
    }

    private void add(CacheRecords.Record record, SharedSizes images) throws IOException {
        Set<GcRoot> own = new HashSet<>(record.holds());
        own.removeIf(resource -> images.knows(resource.digest()));
        long size = 0;
        for (GcRoot resource : own) {
            holders.merge(resource, 1, Integer::sum);
            if (!sizes.containsKey(resource)) {
                sizes.put(resource, CacheSizes.size(services, resource.kind(), resource.digest()));
            }
            size += sizes.get(resource);
        }
        boolean shared = own.isEmpty() && !record.holds().isEmpty();
        entries.add(new CacheEntry(
                record.key().hex().substring(0, ID_LENGTH),
                "regular",
                "",
                size,
                record.used(),
                shared,
                false,
                Optional.of(record),
                Optional.empty()));
    }

    /** Last used first. */
    List<CacheEntry> list() {
        return List.copyOf(entries);
    }

    /** Bytes of all, what several hold counted once. */
    long total() {
        long folderBytes = entries.stream()
                .filter(entry -> entry.item().isPresent())
                .mapToLong(CacheEntry::size)
                .sum();
        return folderBytes + sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    long reclaimable() {
        return total()
                - entries.stream()
                        .filter(CacheEntry::inUse)
                        .mapToLong(CacheEntry::size)
                        .sum();
    }

    /** @param entries those that went */
    record Removed(List<CacheEntry> entries, long bytes) {}

    /**
     * Removes entries, the ones that were not used longest first. What a running build uses stays.
     *
     * @param keep bytes: ends when no more than so many are left
     */
    Removed remove(Predicate<CacheEntry> which, OptionalLong keep) throws IOException {
        var gone = new ArrayList<CacheEntry>();
        long left = total();
        long before = left;
        for (CacheEntry entry : entries.reversed()) {
            if (keep.isPresent() && left <= keep.getAsLong()) {
                break;
            }
            if (which.test(entry) && !entry.inUse() && remove(entry)) {
                gone.add(entry);
                left -= freed(entry);
            }
        }
        return new Removed(gone, before - left);
    }

    private boolean remove(CacheEntry entry) throws IOException {
        return entry.step().isPresent()
                ? services.store().cache().remove(entry.step().get().key())
                : folders.remove(entry.item().orElseThrow());
    }

    private long freed(CacheEntry entry) {
        if (entry.step().isEmpty()) {
            return entry.size();
        }
        long bytes = 0;
        for (GcRoot resource : entry.step().get().holds()) {
            if (sizes.containsKey(resource) && holders.merge(resource, -1, Integer::sum) == 0) {
                bytes += sizes.get(resource);
            }
        }
        return bytes;
    }
}
