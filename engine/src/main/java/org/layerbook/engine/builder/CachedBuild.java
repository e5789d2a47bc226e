package org.layerbook.engine.builder;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.layerbook.engine.builder.cache.BuildCache;
import org.layerbook.engine.builder.cache.BuiltCache;
import org.layerbook.engine.builder.cache.ImportedCaches;
import org.layerbook.engine.builder.cache.ImportedSnapshots;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.Environment;
import org.layerbook.engine.builder.plan.Epoch;
import org.layerbook.engine.builder.plan.Planner;
import org.layerbook.engine.builder.plan.StageGraph;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.CacheKey;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.builder.tree.StatCache;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.oci.Digest;

/**
 * One {@code docker build}: the stages, with the caches that are imported; begun anew where one of these turns out not to
 * have what it offered.
 */
final class CachedBuild {
    private final BuildServices services;
    private final StatCache stats;
    private final StageGraph graph;
    private final BuildSettings settings;
    private final BuildListener listener;
    private final Lease lease;
    private final Cancellation cancellation;

    CachedBuild(
            BuildServices services,
            StatCache stats,
            StageGraph graph,
            BuildSettings settings,
            BuildListener listener,
            Lease lease,
            Cancellation cancellation) {
        this.services = services;
        this.stats = stats;
        this.graph = graph;
        this.settings = settings;
        this.listener = listener;
        this.lease = lease;
        this.cancellation = cancellation;
    }

    Builder.Result run() throws BuildException, DockerfileException, IOException {
        ImportedCaches imported = ImportedCaches.open(
                settings.caches().from(), services.caches(), settings.platform(), listener, cancellation);
        var events = new RepeatedEvents(listener);
        while (true) {
            try {
                return attempt(imported, events);
            } catch (BuildException e) {
                if (cancellation.isCancelled() || !imported.drop(listener)) {
                    throw e;
                }
                if (e.failedRoot().isPresent()) {
                    e.failedRoot().get().close();
                }
            } catch (IOException e) {
                if (cancellation.isCancelled() || !imported.drop(listener)) {
                    throw e;
                }
            }
            events.again();
        }
    }

    private Builder.Result attempt(ImportedCaches imported, RepeatedEvents events)
            throws BuildException, DockerfileException, IOException {
        var snapshots = new ImportedSnapshots(
                services.snapshots(), services.content(), services.layerBlobs(), imported, cancellation);
        BuildServices ours = services.withSnapshots(snapshots);
        var cache = new BuildCache(ours, imported, Optional.of(snapshots));
        Environment globals = graph.globalEnvironment();
        Optional<Long> epoch = Epoch.of(settings, globals, graph.nodes());
        var planner = new Planner(settings, globals, epoch);
        BuildListener heard = event -> {
            // What fails because of an imported cache is done again.
            if (!(event instanceof BuildEvent.StepFailed && imported.hasFailed())) {
                events.on(event);
            }
        };
        var build = new StageScheduler(
                ours, new LayerSteps(ours, cache, stats), planner, graph, settings, heard, lease, cancellation);
        BuildState state = build.run();
        Stage target = state.stages().stream()
                .filter(stage -> stage.index() == graph.target())
                .findFirst()
                .orElseThrow();
        snapshots.ensure(target.image().chainId());
        if (settings.caches().wantsAllLayers()) {
            ensureAll(state, snapshots);
        }
        cache.keepImported();
        Image image = services.layerBlobs().withBlobs(TargetImage.of(target, settings));
        if (settings.squash()) {
            image = Squash.of(image, target, services.snapshots());
        }
        return new Builder.Result(
                image,
                state,
                target.name(),
                built(state, target.image(), cache),
                RewrittenTimes.layersOfBase(target, state),
                epoch);
    }

    /** Those that a cache only told of stay away, and then are told of again. */
    private static void ensureAll(BuildState state, ImportedSnapshots snapshots) throws IOException {
        for (Stage stage : state.stages()) {
            Optional<Digest> chain = stage.image().chainId();
            if (snapshots.canEnsure(chain)) {
                snapshots.ensure(chain);
            }
        }
    }

    private static BuiltCache built(BuildState state, Image image, BuildCache cache) {
        Set<Digest> chains = image.layers().stream().map(Layer::chainId).collect(Collectors.toSet());
        var steps = new LinkedHashMap<Digest, BuiltCache.Step>();
        for (Stage stage : state.stages()) {
            for (StepRecord step : stage.steps()) {
                if (step.key().isEmpty() || step.layer().isEmpty()) {
                    continue;
                }
                CacheKey key = step.key().get();
                Layer layer = step.layer().get();
                Optional<String> created = cache.created(key);
                boolean inImage = chains.contains(layer.chainId());
                // Not recorded are results that are not to be used again. Of linked copies one place is as good as
                // another.
                if (created.isPresent() && (inImage || !steps.containsKey(key.digest()))) {
                    steps.put(key.digest(), new BuiltCache.Step(key, layer, created.get(), inImage));
                }
            }
        }
        return new BuiltCache(List.copyOf(steps.values()), cache.answers());
    }
}
