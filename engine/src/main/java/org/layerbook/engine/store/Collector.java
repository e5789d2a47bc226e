package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;

/**
 * Removes blobs and snapshots that no image, no cache record and no live lease refers to, and what dead processes left.
 * Others go on meanwhile: they wait only while it decides and renames away, not while it removes. It takes time in
 * proportion to the whole store, so whoever removes an image does not wait for it.
 */
public final class Collector {
    /** File times are coarser than the clock that leases are stamped with. */
    private static final long CLOCK_SLACK_MILLIS = 2_000;

    private final StoreFiles files;
    private final Gate gate;
    private final FileImages images;
    private final FileCacheRecords cache;
    private final LayerBlobs layerBlobs;
    private final FileLeases leases;
    private final FileStoreLocks locks;
    private final CollectableSnapshots snapshots;

    /** @param bytes of the files that were removed */
    public record Collected(int blobs, int snapshots, int cacheRecords, long bytes) {}

    Collector(
            StoreFiles files,
            Gate gate,
            FileImages images,
            FileCacheRecords cache,
            LayerBlobs layerBlobs,
            FileLeases leases,
            FileStoreLocks locks,
            CollectableSnapshots snapshots) {
        this.files = files;
        this.gate = gate;
        this.images = images;
        this.cache = cache;
        this.layerBlobs = layerBlobs;
        this.leases = leases;
        this.locks = locks;
        this.snapshots = snapshots;
    }

    /** Removes what nothing refers to. Cache records stay. */
    public Collected collect() throws IOException {
        return collect(Optional.empty());
    }

    /** As {@link #collect()}, but cache records that were not used for so long go first. */
    public Collected collect(Duration cacheUnusedFor) throws IOException {
        return collect(Optional.of(cacheUnusedFor));
    }

    private Collected collect(Optional<Duration> cacheUnusedFor) throws IOException {
        int dropped = cacheUnusedFor.isPresent() ? dropCache(cacheUnusedFor.get()) : 0;
        mark(new FileLeases.Kept(Set.of(), OptionalLong.empty())); // so that little is left to read behind the gate
        Path trash = files.directory();
        int blobs;
        int chains;
        long bytes;
        try (var _ = gate.shut()) {
            FileLeases.Kept kept = leases.kept();
            Marked marked = mark(kept);
            blobs = sweepBlobs(marked.blobs, kept.since(), trash);
            chains = sweepSnapshots(marked.chains, kept.since(), trash);
            files.sweep(trash);
            locks.tidy();
        } finally {
            bytes = StoreFiles.deleteTree(trash);
        }
        forgetLayers();
        images.names().tidy();
        cache.tidy();
        return new Collected(blobs, chains, dropped, bytes);
    }

    private int dropCache(Duration unusedFor) throws IOException {
        Instant limit = Instant.now().minus(unusedFor);
        int dropped = 0;
        for (CacheRecords.Record record : cache.list()) {
            if (record.used().isBefore(limit) && cache.remove(record.key())) {
                dropped++;
            }
        }
        return dropped;
    }

    private record Marked(Set<Digest> blobs, Set<Digest> chains) {}

    private Marked mark(FileLeases.Kept kept) throws IOException {
        var blobs = new HashSet<Digest>();
        var chains = new HashSet<Digest>();
        var diffIds = new HashSet<Digest>();
        for (ImageRecord image : images.records().all()) {
            blobs.add(image.id());
            image.manifest().map(Descriptor::digest).ifPresent(blobs::add);
            for (Layer layer : image.layers()) {
                layer.blob().map(Descriptor::digest).ifPresent(blobs::add);
                chains.add(layer.chainId());
                diffIds.add(layer.diffId());
            }
        }
        for (LayerBlobs.Record layer : layerBlobs.records().all()) {
            if (diffIds.contains(layer.diffId())) {
                blobs.add(layer.blob().digest());
            }
        }
        for (Names.Name name : images.names().list()) {
            // Of an index that an image was pulled or pushed in.
            name.reference().digest().ifPresent(blobs::add);
        }
        for (FileCacheRecords.Stored record : cache.records().all()) {
            mark(record.holds(), blobs, chains);
        }
        mark(kept.resources(), blobs, chains);
        return new Marked(blobs, chains);
    }

    private static void mark(Set<Resource> resources, Set<Digest> blobs, Set<Digest> chains) {
        for (Resource resource : resources) {
            switch (resource.kind()) {
                case BLOB -> blobs.add(resource.digest());
                case CHAIN -> chains.add(resource.digest());
            }
        }
    }

    private int sweepBlobs(Set<Digest> marked, OptionalLong since, Path trash) throws IOException {
        int swept = 0;
        for (Path algorithm : StoreFiles.list(FileContentStore.folder(files.home()))) {
            for (Path blob : StoreFiles.list(algorithm)) {
                if (!isMarked(blob, marked) && !isSpared(modified(blob), since)) {
                    StoreFiles.discard(blob, trash);
                    swept++;
                }
            }
        }
        return swept;
    }

    private static boolean isMarked(Path blob, Set<Digest> marked) {
        try {
            return marked.contains(new Digest(
                    blob.getParent().getFileName().toString(),
                    blob.getFileName().toString()));
        } catch (IllegalArgumentException e) {
            return true; // not a blob, so not ours to remove; verification names it
        }
    }

    private static long modified(Path blob) throws IOException {
        try {
            return Files.getLastModifiedTime(blob).toMillis();
        } catch (NoSuchFileException e) {
            return Long.MAX_VALUE;
        }
    }

    private static boolean isSpared(long madeMillis, OptionalLong since) {
        return since.isPresent() && madeMillis >= since.getAsLong() - CLOCK_SLACK_MILLIS;
    }

    private int sweepSnapshots(Set<Digest> marked, OptionalLong since, Path trash) throws IOException {
        List<CollectableSnapshots.Snapshot> all = snapshots.list();
        Map<Digest, Digest> parents = new HashMap<>();
        all.forEach(snapshot -> snapshot.parent().ifPresent(parent -> parents.put(snapshot.chainId(), parent)));
        var live = new HashSet<Digest>();
        var roots = new ArrayList<>(marked);
        all.stream()
                .filter(snapshot -> isSpared(snapshot.made().toEpochMilli(), since))
                .map(CollectableSnapshots.Snapshot::chainId)
                .forEach(roots::add);
        for (Digest root : roots) {
            for (Digest chain = root; chain != null && live.add(chain); chain = parents.get(chain)) {}
        }
        int swept = 0;
        for (CollectableSnapshots.Snapshot snapshot : all) {
            if (!live.contains(snapshot.chainId())) {
                snapshots.discard(snapshot.chainId(), trash);
                swept++;
            }
        }
        return swept;
    }

    private void forgetLayers() throws IOException {
        for (LayerBlobs.Record layer : layerBlobs.records().all()) {
            if (layerBlobs.find(layer.diffId()).isEmpty()) {
                layerBlobs.forget(layer.diffId());
            }
        }
    }
}
