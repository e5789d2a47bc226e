package org.layerbook.engine.builder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.cache.BuildCache;
import org.layerbook.engine.builder.cache.CacheExports;
import org.layerbook.engine.builder.fetch.BuildInputs;
import org.layerbook.engine.builder.fetch.EpochSources;
import org.layerbook.engine.builder.plan.BuildArguments;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.CacheOptions;
import org.layerbook.engine.builder.plan.Environment;
import org.layerbook.engine.builder.plan.Epoch;
import org.layerbook.engine.builder.plan.FromPlan;
import org.layerbook.engine.builder.plan.GlobalArguments;
import org.layerbook.engine.builder.plan.Planner;
import org.layerbook.engine.builder.plan.StageGraph;
import org.layerbook.engine.builder.plan.StageNames;
import org.layerbook.engine.builder.plan.StageSources;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.CancelledException;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.builder.tree.StatCache;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Lease;

/** The builder: BuildKit's rules, on the store's snapshots and cache, in a sandbox. Thread-safe. */
public final class ImageBuilder implements Builder {
    private final BuildServices services;
    private final StatCache stats;
    private final LayerSteps layers;

    public ImageBuilder(BuildServices services) {
        this.services = services;
        this.stats = new StatCache(services.folder().resolve(StatCache.FOLDER));
        this.layers = new LayerSteps(services, new BuildCache(services), stats);
    }

    @Override
    public BuildState execute(
            BuildState state,
            Instruction instruction,
            BuildSettings given,
            BuildListener listener,
            Cancellation cancellation)
            throws BuildException {
        BuildSettings settings = services.runDefaults().over(given);
        if (instruction instanceof Instruction.Arg arg && state.stages().isEmpty()) {
            return declareGlobal(state, arg, settings);
        }
        try (Lease lease = lease("build", instruction.origin().range())) {
            Environment globals = BuildArguments.global(settings, Optional.empty(), state.globalArgs());
            SourceRange range = instruction.origin().range();
            var planner = new Planner(settings, globals, Epoch.of(settings, globals, range));
            var runner =
                    new StageRunner(services, layers, planner, settings, new OneAtATime(listener), lease, cancellation);
            if (instruction instanceof Instruction.From from) {
                return kept(begin(state, from, settings, globals, runner), lease);
            }
            Stage live = state.live()
                    .orElseThrow(() -> StageRunner.invalid(new Diagnostic(
                            range,
                            "no build stage in current context",
                            Optional.of("put a FROM before the first " + instruction.keyword()))));
            checkSources(state, instruction, settings);
            var numbering = new StageRunner.Numbering(live.index(), live.title(), 0);
            Stage after = runner.step(state, live, instruction, false, numbering);
            var stages = new ArrayList<>(state.stages());
            stages.set(stages.size() - 1, after);
            return kept(new BuildState(state.globalArgs(), stages), lease);
        } catch (DockerfileException e) {
            throw StageRunner.invalid(e.diagnostic());
        } catch (IOException e) {
            throw system(e, instruction.origin().range());
        }
    }

    private static void checkSources(BuildState state, Instruction instruction, BuildSettings settings)
            throws DockerfileException {
        StageNames<Stage> stages = state.names();
        for (String name : StageSources.of(instruction)) {
            if (StageSources.stage(name, instruction, stages, settings).isEmpty()) {
                StageSources.checkImage(name, instruction, stages, settings);
            }
        }
    }

    /** What was made is kept by name too, for whoever inherits the lease. */
    private static BuildState kept(BuildState state, Lease lease) throws IOException {
        if (state.live().isPresent()) {
            lease.keep(state.live().get().image());
        }
        return state;
    }

    private static BuildState begin(
            BuildState state, Instruction.From from, BuildSettings settings, Environment globals, StageRunner runner)
            throws BuildException, DockerfileException {
        FromPlan plan = FromPlan.of(from, globals, settings);
        int index = state.stages().stream().mapToInt(Stage::index).max().orElse(-1) + 1;
        if (state.base(plan.base(), index).isEmpty()) {
            StageSources.checkImage(plan.base(), from, state.names(), settings);
        }
        String title = from.stageName().orElse("stage-" + index);
        Stage stage = runner.begin(state, from, plan, new StageRunner.Numbering(index, title, 0), trigger -> state);
        var stages = new ArrayList<>(state.stages());
        stages.add(stage);
        return new BuildState(state.globalArgs(), stages);
    }

    @Override
    public BuildState declareGlobal(BuildState state, Instruction.Arg instruction, BuildSettings given)
            throws BuildException {
        BuildSettings settings = services.runDefaults().over(given);
        try {
            return new BuildState(
                    GlobalArguments.declare(state.globalArgs(), instruction, settings, Optional.empty()),
                    state.stages());
        } catch (DockerfileException e) {
            throw StageRunner.invalid(e.diagnostic());
        }
    }

    @Override
    public Result build(Dockerfile dockerfile, BuildSettings given, BuildListener listener, Cancellation cancellation)
            throws BuildException {
        BuildSettings written = services.runDefaults().over(given);
        var start = new SourceRange(1, 1, 1, 2);
        try (Lease lease = lease("build", start)) {
            BuildSettings settings =
                    new EpochSources(services, written, StageGraph.of(dockerfile, written), cancellation).resolved();
            StageGraph graph = StageGraph.of(dockerfile, settings);
            Result built = new CachedBuild(
                            services, stats, graph, settings, new OneAtATime(listener), lease, cancellation)
                    .run();
            Result result = settings.caches().isInline()
                    ? built.withImage(new CacheExports(services, lease).inline(built.image(), built.cache()))
                    : built;
            lease.keep(result.image());
            return result;
        } catch (CancelledException e) {
            throw StepFailedException.cancelled().at(start);
        } catch (DockerfileException e) {
            throw StageRunner.invalid(e.diagnostic());
        } catch (IOException e) {
            throw system(e, start);
        }
    }

    @Override
    public void exportCaches(
            List<Result> results, CacheOptions caches, BuildListener listener, Cancellation cancellation)
            throws IOException {
        try (Lease lease = services.leases().operation("build")) {
            var exports = new CacheExports(services, lease);
            for (CacheOptions.Export export : caches.to()) {
                if (export instanceof CacheOptions.Export.To to) {
                    exports.write(results.stream().map(Result::cache).toList(), to, listener, cancellation);
                }
            }
        }
    }

    @Override
    public Image rewritten(Result result) throws IOException {
        try (Lease lease = services.leases().operation("build")) {
            return new RewrittenTimes(services, lease)
                    .of(result.image(), result.layersOfBase(), result.epoch().orElseThrow());
        }
    }

    @Override
    public boolean isOutOfDate(BuildState state, Stage stage, StepRecord step, BuildSettings given) {
        BuildSettings settings = services.runDefaults().over(given);
        boolean reads = step.instruction() instanceof Instruction.Copy
                || step.instruction() instanceof Instruction.Add
                || step.instruction() instanceof Instruction.Run;
        int at = stage.steps().indexOf(step);
        if (!reads || at < 1 || step.key().isEmpty()) {
            return false;
        }
        try {
            Environment globals = BuildArguments.global(settings, Optional.empty(), state.globalArgs());
            var planner = new Planner(settings, globals, Optional.empty());
            var runner = new StageRunner(
                    services, layers, planner, settings, BuildListener.NONE, Lease.NONE, new Cancellation());
            Stage before = Replay.until(state, stage, at, planner);
            return runner.hasOtherKey(
                    state, before, step.instruction(), step.key().get());
        } catch (DockerfileException | StepFailedException e) {
            // What it copied is gone, or cannot be named any more.
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public BuildInputs inputs() {
        return new BuildInputs(services);
    }

    private Lease lease(String purpose, SourceRange range) throws BuildException {
        try {
            return services.leases().operation(purpose);
        } catch (IOException e) {
            throw system(e, range);
        }
    }

    private static BuildException system(IOException e, SourceRange range) {
        String message = Optional.ofNullable(e.getMessage()).orElse(e.toString());
        return new BuildException(BuildException.Kind.SYSTEM, Diagnostic.of(range, message), 1, Optional.empty(), e);
    }

    /** Gives a listener its events one after the other, whichever threads they come from. */
    private static final class OneAtATime implements BuildListener {
        private final BuildListener listener;

        OneAtATime(BuildListener listener) {
            this.listener = listener;
        }

        @Override
        public synchronized void on(BuildEvent event) {
            listener.on(event);
        }
    }
}
