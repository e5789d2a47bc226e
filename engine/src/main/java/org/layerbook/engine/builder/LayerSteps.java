package org.layerbook.engine.builder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.builder.cache.BuildCache;
import org.layerbook.engine.builder.cache.RebasedLayers;
import org.layerbook.engine.builder.copy.ContextSnapshots;
import org.layerbook.engine.builder.copy.CopyExecutor;
import org.layerbook.engine.builder.copy.CopySource;
import org.layerbook.engine.builder.copy.CopySources;
import org.layerbook.engine.builder.plan.ArgScope;
import org.layerbook.engine.builder.plan.CopyRefusedException;
import org.layerbook.engine.builder.plan.FromPlan;
import org.layerbook.engine.builder.plan.HistoryTimes;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.builder.run.CacheMounts;
import org.layerbook.engine.builder.run.RunExecutor;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.CacheKey;
import org.layerbook.engine.builder.step.CacheMiss;
import org.layerbook.engine.builder.step.CancelledException;
import org.layerbook.engine.builder.step.KeyParts;
import org.layerbook.engine.builder.step.StepContext;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.tree.StatCache;
import org.layerbook.engine.builder.tree.TargetTree;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.sandbox.UserLookup;
import org.layerbook.engine.snapshot.Snapshots;

/**
 * Gives the layer of a step: from the cache, or made now, once for all who want it. A step that fails leaves nothing
 * behind.
 */
final class LayerSteps {
    private static final int ATTEMPTS = 3;

    private final BuildServices services;
    private final BuildCache cache;
    private final StatCache stats;
    private final CacheMounts.Renewal renewal = new CacheMounts.Renewal();

    LayerSteps(BuildServices services, BuildCache cache, StatCache stats) {
        this.services = services;
        this.cache = cache;
        this.stats = stats;
    }

    /** @param created when the layer was made, RFC 3339 */
    record Made(
            Layer layer,
            String created,
            LayerChanges changes,
            boolean cached,
            CacheKey key,
            Optional<CacheMiss> miss) {}

    /**
     * What a step needs to know of its place.
     *
     * @param parent the file system it is carried out on
     * @param positions names of the place, to explain a miss
     * @param useCache false for {@code --no-cache}
     */
    record Place(Optional<Digest> parent, ArgScope args, List<String> positions, boolean useCache) {}

    Made layer(Step step, Place place, StepContext context) throws StepFailedException {
        try {
            CancelledException.check(context.cancellation());
            Optional<Made> made = Optional.empty();
            for (int attempt = 1; made.isEmpty(); attempt++) {
                try (Work work = work(step, place, context)) {
                    made = layer(work, place, attempt == ATTEMPTS, context);
                }
            }
            return made.get();
        } catch (CancelledException e) {
            throw StepFailedException.cancelled();
        } catch (IOException e) {
            // Whatever file it was about: it is the store that has no room.
            Optional<StoreException> full =
                    StoreException.ofFullDisk(services.folder().getParent(), e);
            throw full.isPresent() && !context.cancellation().isCancelled()
                    ? StepFailedException.withoutRoom(full.get())
                    : explained(e, context);
        }
    }

    /** A step with its key known. */
    private interface Work extends AutoCloseable {
        CacheKey key();

        /** Whether the layer is the same on any parent. */
        boolean isMovable();

        void carryOut(Snapshots.Active root) throws IOException, StepFailedException;

        /** A file that is not any more as it was when the key was made. */
        Optional<String> changed() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Empty when the files changed while they were copied, and it is worth trying again. */
    private Optional<Made> layer(Work work, Place place, boolean lastAttempt, StepContext context)
            throws IOException, StepFailedException {
        Optional<BuildCache.Result> known = place.useCache() ? find(work, place, context) : Optional.empty();
        if (known.isPresent()) {
            return Optional.of(cached(known.get(), work.key()));
        }
        CacheMiss miss = place.useCache()
                ? cache.explain(work.key(), place.positions())
                : new CacheMiss(List.of(), "caching is off (--no-cache)");
        try (var _ = cache.lock(work.key(), context.cancellation())) {
            if (place.useCache()) {
                // Somebody else may have built it while this one waited.
                known = find(work, place, context);
                if (known.isPresent()) {
                    return Optional.of(cached(known.get(), work.key()));
                }
            }
            return make(work, place, miss, lastAttempt, context);
        }
    }

    private Optional<BuildCache.Result> find(Work work, Place place, StepContext context) throws IOException {
        Optional<BuildCache.Result> found = cache.find(work.key(), context.lease());
        if (found.isEmpty()) {
            return cache.imported(work.key(), place.parent(), place.positions(), context.lease());
        }
        return work.isMovable()
                ? Optional.of(RebasedLayers.onto(services.snapshots(), place.parent(), found.get(), context.lease()))
                : found;
    }

    private Made cached(BuildCache.Result result, CacheKey key) {
        Digest chain = result.layer().chainId();
        // Of a layer that another cache offers nothing is known, and it may never be fetched.
        LayerChanges changes =
                cache.isHere(chain) ? LayerChanges.lazily(() -> changes(chain)) : new LayerChanges(List.of());
        return new Made(result.layer(), result.created(), changes, true, key, Optional.empty());
    }

    /** Whoever asks holds the image, and so its layers; in a store that was damaged meanwhile there is nothing to show. */
    private LayerChanges changes(Digest chain) {
        try {
            return services.snapshots().changes(chain);
        } catch (NoSuchFileException e) {
            return new LayerChanges(List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<Made> make(Work work, Place place, CacheMiss miss, boolean lastAttempt, StepContext context)
            throws IOException, StepFailedException {
        // As BuildKit's merge: what is the same on any base is made on none, and then laid over what is there.
        Snapshots.Active root = services.snapshots().prepare(work.isMovable() ? Optional.empty() : place.parent());
        boolean handedOut = false;
        try {
            work.carryOut(root);
            Optional<String> changed = work.changed();
            if (changed.isPresent() && !lastAttempt) {
                return Optional.empty();
            }
            Snapshots.Committed committed = root.commit(Snapshots.CommitOptions.DEFAULT);
            var result = new BuildCache.Result(committed.layer(), HistoryTimes.format(Instant.now()));
            if (changed.isPresent()) {
                context.warn("the build context changed while it was being copied (" + changed.get()
                        + "), so the result is not cached");
            } else {
                cache.put(work.key(), result, place.positions());
            }
            if (!work.isMovable()) {
                return Optional.of(new Made(
                        result.layer(), result.created(), committed.changes(), false, work.key(), Optional.of(miss)));
            }
            Layer moved = RebasedLayers.onto(services.snapshots(), place.parent(), result, context.lease())
                    .layer();
            LayerChanges changes = LayerChanges.lazily(() -> changes(moved.chainId()));
            return Optional.of(new Made(moved, result.created(), changes, false, work.key(), Optional.of(miss)));
        } catch (StepFailedException e) {
            handedOut = e.keepsRoot();
            throw e;
        } catch (FileSystemException e) {
            throw inside(e, root.root());
        } finally {
            if (!handedOut) {
                root.close();
            }
        }
    }

    /** With the paths that the image has, and not those that it has in the store for now. */
    private static IOException inside(FileSystemException e, Path root) {
        boolean of = e.getFile() != null && Path.of(e.getFile()).startsWith(root);
        return of ? new IOException(String.valueOf(e.getMessage()).replace(root.toString() + "/", "/"), e) : e;
    }

    private Work work(Step step, Place place, StepContext context) throws IOException, StepFailedException {
        return switch (step) {
            case Step.Run run -> runWork(run, place, context);
            case Step.Copy copy -> new CopyWork(copy, place, context);
            case Step.MakeDirectory directory -> directoryWork(directory, place, context);
            case Step.Configure configure -> throw new IllegalArgumentException("creates no layer: " + configure);
        };
    }

    private static Map<String, String> parts(Place place) {
        var parts = new LinkedHashMap<String, String>();
        parts.put(KeyParts.PARENT, place.parent().map(Digest::toString).orElse(FromPlan.SCRATCH));
        return parts;
    }

    private Work runWork(Step.Run step, Place place, StepContext context) throws IOException, StepFailedException {
        var executor = new RunExecutor(
                services, new ContextSnapshots(services, cache, stats), renewal.forStep(place.useCache()));
        Map<String, String> parts = parts(place);
        executor.addKey(parts, step, place.args(), context);
        return simple(new CacheKey(parts), root -> executor.run(step, root, context));
    }

    private Work directoryWork(Step.MakeDirectory step, Place place, StepContext context) {
        Map<String, String> parts = parts(place);
        parts.put(KeyParts.COMMAND, "WORKDIR " + step.path());
        parts.put(KeyParts.USER, step.owner());
        step.epoch().ifPresent(epoch -> parts.put(KeyParts.EPOCH, epoch.toString()));
        return simple(new CacheKey(parts), root -> {
            CopyExecutor.checkNames(step.owner(), place.parent().isEmpty());
            UserLookup.Owner owner = new UserLookup(root.root()).owner(step.owner());
            var target = new TargetTree(root.root(), services.ownership(), step.epoch());
            target.touch(target.directories(step.path(), owner, Optional.empty()));
        });
    }

    private interface Action {
        void on(Snapshots.Active root) throws IOException, StepFailedException;
    }

    private static Work simple(CacheKey key, Action action) {
        return new Work() {
            @Override
            public CacheKey key() {
                return key;
            }

            @Override
            public boolean isMovable() {
                return false;
            }

            @Override
            public void carryOut(Snapshots.Active root) throws IOException, StepFailedException {
                action.on(root);
            }

            @Override
            public Optional<String> changed() {
                return Optional.empty();
            }

            @Override
            public void close() {}
        };
    }

    private final class CopyWork implements Work {
        private final Step.Copy step;
        private final boolean onScratch;
        private final StepContext context;
        private final CopyExecutor executor = new CopyExecutor(services);
        private final CopySources opened;
        private final List<CopySource> sources;
        private final CacheKey key;

        CopyWork(Step.Copy step, Place place, StepContext context) throws IOException, StepFailedException {
            this.step = step;
            this.onScratch = place.parent().isEmpty();
            this.context = context;
            this.opened = new CopySources(services, cache, stats, context);
            Map<String, String> parts = parts(place);
            if (step.options().link()) {
                parts.remove(KeyParts.PARENT);
            }
            boolean done = false;
            try {
                this.sources = opened.find(step);
                executor.addKey(parts, step, sources);
                done = true;
            } finally {
                if (!done) {
                    opened.close();
                }
            }
            this.key = new CacheKey(parts);
        }

        @Override
        public CacheKey key() {
            return key;
        }

        @Override
        public boolean isMovable() {
            return step.options().link();
        }

        @Override
        public void carryOut(Snapshots.Active root) throws IOException, StepFailedException {
            executor.copy(step, sources, root, onScratch, context);
        }

        @Override
        public Optional<String> changed() throws IOException {
            for (CopySource source : sources) {
                Optional<String> changed = source.changed();
                if (changed.isPresent()) {
                    return changed;
                }
            }
            return Optional.empty();
        }

        @Override
        public void close() throws IOException {
            opened.close();
        }
    }

    /** The key that the step would have now; for telling whether what was made is out of date. */
    CacheKey keyNow(Step step, Place place, StepContext context) throws IOException, StepFailedException {
        try (Work work = work(step, place, context)) {
            return work.key();
        }
    }

    /** What a user is told of a failure below: whose fault it is, and a sentence. */
    static StepFailedException explained(IOException e, StepContext context) {
        if (context.cancellation().isCancelled()) {
            return StepFailedException.cancelled();
        }
        boolean refused = e instanceof CopyRefusedException;
        String message = e instanceof FileSystemException f && !(e instanceof StoreException)
                ? f.getFile() + ": "
                        + Optional.ofNullable(f.getReason()).orElse(e.getClass().getSimpleName())
                : Optional.ofNullable(e.getMessage()).orElse(e.toString());
        return new StepFailedException(
                refused ? BuildException.Kind.INVALID : BuildException.Kind.SYSTEM,
                message,
                Optional.empty(),
                1,
                Optional.empty(),
                e);
    }
}
