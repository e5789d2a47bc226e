package org.layerbook.engine.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
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
import org.layerbook.engine.image.CacheRecords;
import org.layerbook.engine.image.CollectableSnapshots;
import org.layerbook.engine.image.ContentStore;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.linux.Trees;
import org.layerbook.engine.oci.Descriptor;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.file.FileCacheRecords;
import org.layerbook.engine.store.file.FileContentStore;
import org.layerbook.engine.store.file.FileImages;
import org.layerbook.engine.store.file.FileLeases;
import org.layerbook.engine.store.file.FileStoreLocks;
import org.layerbook.engine.store.file.GcBarrier;
import org.layerbook.engine.store.file.ImageRecord;
import org.layerbook.engine.store.file.LayerBlobs;
import org.layerbook.engine.store.file.StoreFiles;

/**
 * Removes blobs and snapshots that no image, no cache record and no live lease refers to, and what dead processes left.
 * Others go on meanwhile: it looks at the whole store beside them, and they wait only while it looks again at what has
 * changed since and renames away what it takes, not while it removes. So whoever removes an image does not wait for it.
 */
public final class Collector {
    /** File times are coarser than the clock that leases are stamped with. */
    private static final long CLOCK_SLACK_MILLIS = 2_000;

    private final StoreFiles files;
    private final ContentStore content;
    private final GcBarrier barrier;
    private final FileImages images;
    private final FileCacheRecords cache;
    private final LayerBlobs layerBlobs;
    private final FileLeases leases;
    private final FileStoreLocks locks;
    private final CollectableSnapshots snapshots;

    /**
     * @param bytes of the files that were removed
     * @param spared how many blobs and snapshots nothing but a lease keeps
     */
    public record Collected(int blobs, int snapshots, int cacheRecords, long bytes, int spared) {}

    Collector(
            StoreFiles files,
            ContentStore content,
            GcBarrier barrier,
            FileImages images,
            FileCacheRecords cache,
            LayerBlobs layerBlobs,
            FileLeases leases,
            FileStoreLocks locks,
            CollectableSnapshots snapshots) {
        this.files = files;
        this.content = content;
        this.barrier = barrier;
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
        files.makeRoomToRemove();
        var documents = new NamedDocuments(content);
        Marked needed = mark(documents);
        List<Path> blobs = unmarkedBlobs(needed.blobs);
        var chains = new Garbage(snapshots.list(), needed.chains);
        Path trash = files.directory();
        Swept sweptBlobs;
        Swept sweptChains;
        long bytes;
        try (var _ = barrier.shut()) {
            FileLeases.Kept kept = leases.kept();
            Marked now = mark(documents); // what has changed since; the rest is remembered
            var leased = new Marked(new HashSet<>(), new HashSet<>());
            mark(kept.resources(), leased.blobs, leased.chains);
            sweptBlobs = sweepBlobs(blobs, now.blobs, leased.blobs, kept.since(), trash);
            sweptChains = sweepSnapshots(chains, now.chains, leased.chains, kept.since(), trash);
            files.sweep(trash);
            ContainerHolds.sweep(files.home(), trash);
            locks.tidy();
        } finally {
            bytes = Trees.deleteMeasured(trash);
        }
        forgetLayers();
        images.tidy();
        cache.tidy();
        files.keepReserve();
        return new Collected(sweptBlobs.gone, sweptChains.gone, dropped, bytes, sweptBlobs.spared + sweptChains.spared);
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

    /** @param gone how many were taken; @param spared how many nothing but a lease keeps */
    private record Swept(int gone, int spared) {}

    /** What images and cache records need. */
    private Marked mark(NamedDocuments documents) throws IOException {
        var blobs = new HashSet<Digest>();
        var chains = new HashSet<Digest>();
        var diffIds = new HashSet<Digest>();
        var manifests = new HashSet<Digest>();
        for (ImageRecord image : images.records().all()) {
            blobs.add(image.id());
            image.manifest().map(Descriptor::digest).ifPresent(manifests::add);
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
        blobs.addAll(manifests);
        documents.mark(images.names().list(), manifests, blobs);
        for (FileCacheRecords.Stored record : cache.records().all()) {
            mark(record.holds(), blobs, chains);
        }
        mark(ContainerHolds.read(files.home()), blobs, chains);
        return new Marked(blobs, chains);
    }

    private static void mark(Set<GcRoot> resources, Set<Digest> blobs, Set<Digest> chains) {
        for (GcRoot resource : resources) {
            switch (resource.kind()) {
                case BLOB -> blobs.add(resource.digest());
                case CHAIN -> chains.add(resource.digest());
            }
        }
    }

    private List<Path> unmarkedBlobs(Set<Digest> marked) throws IOException {
        var unmarked = new ArrayList<Path>();
        for (Path algorithm : StoreFiles.list(FileContentStore.folder(files.home()))) {
            for (Path blob : StoreFiles.list(algorithm)) {
                if (!isMarked(blob, marked)) {
                    unmarked.add(blob);
                }
            }
        }
        return unmarked;
    }

    private static Swept sweepBlobs(
            List<Path> unmarked, Set<Digest> marked, Set<Digest> leased, OptionalLong since, Path trash)
            throws IOException {
        int gone = 0;
        int spared = 0;
        for (Path blob : unmarked) {
            if (isMarked(blob, marked)) {
                continue;
            }
            if (isMarked(blob, leased) || isSpared(modified(blob), since)) {
                spared++;
            } else {
                StoreFiles.discard(blob, trash);
                gone++;
            }
        }
        return new Swept(gone, spared);
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

    /** What was needed by nothing, before the gate was shut; and how all snapshots stand on each other. */
    private static final class Garbage {
        private final Map<Digest, Digest> parents = new HashMap<>();
        private final Set<Digest> known = new HashSet<>();
        private final List<Digest> unneeded = new ArrayList<>();

        Garbage(List<CollectableSnapshots.Snapshot> all, Set<Digest> marked) {
            all.forEach(this::add);
            Set<Digest> live = withParents(marked);
            known.stream().filter(chain -> !live.contains(chain)).forEach(unneeded::add);
        }

        private void add(CollectableSnapshots.Snapshot snapshot) {
            known.add(snapshot.chainId());
            snapshot.parent().ifPresent(parent -> parents.put(snapshot.chainId(), parent));
        }

        private Set<Digest> withParents(Set<Digest> roots) {
            var live = new HashSet<Digest>();
            for (Digest root : roots) {
                for (Digest chain = root; chain != null && live.add(chain); chain = parents.get(chain)) {}
            }
            return live;
        }

        private int depth(Digest chain) {
            int depth = 0;
            for (Digest below = parents.get(chain); below != null; below = parents.get(below)) {
                depth++;
            }
            return depth;
        }
    }

    private Swept sweepSnapshots(
            Garbage garbage, Set<Digest> marked, Set<Digest> leased, OptionalLong since, Path trash)
            throws IOException {
        var kept = new HashSet<>(leased);
        for (Digest chain : snapshots.chainIds()) {
            if (!garbage.known.contains(chain)) { // younger than the list
                snapshots.find(chain).ifPresent(garbage::add);
                kept.add(chain);
            }
        }
        for (Digest chain : garbage.unneeded) {
            if (since.isPresent()
                    && snapshots
                            .find(chain)
                            .filter(found -> isSpared(found.made().toEpochMilli(), since))
                            .isPresent()) {
                kept.add(chain);
            }
        }
        Set<Digest> needed = garbage.withParents(marked);
        Set<Digest> spared = garbage.withParents(kept);
        List<Digest> going = garbage.unneeded.stream()
                .filter(chain -> !needed.contains(chain) && !spared.contains(chain))
                .sorted(Comparator.comparingInt(garbage::depth).reversed())
                .toList();
        // From the top down: killed in between, no snapshot is left without what it stands on.
        for (Digest chain : going) {
            snapshots.discard(chain, trash);
        }
        long unneeded = garbage.unneeded.stream()
                .filter(chain -> !needed.contains(chain))
                .count();
        return new Swept(going.size(), (int) unneeded - going.size());
    }

    private void forgetLayers() throws IOException {
        for (LayerBlobs.Record layer : layerBlobs.records().all()) {
            if (layerBlobs.find(layer.diffId()).isEmpty()) {
                layerBlobs.forget(layer.diffId());
            }
        }
    }
}
