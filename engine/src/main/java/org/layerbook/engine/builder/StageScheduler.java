package org.layerbook.engine.builder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.FromPlan;
import org.layerbook.engine.builder.plan.PlanCheck;
import org.layerbook.engine.builder.plan.Planner;
import org.layerbook.engine.builder.plan.StageGraph;
import org.layerbook.engine.builder.plan.StageSources;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.image.Lease;

/**
 * One build of a whole Dockerfile: the stages that the target needs, each once, a few at a time. A stage that waits for
 * another builds it itself where nobody has begun to, so no number of threads is too small.
 */
final class StageScheduler {
    private static final int AT_ONCE = 4;

    private final StageGraph graph;
    private final Cancellation cancellation = new Cancellation();
    private final Cancellation outer;
    private final StageRunner runner;
    private final BuildSettings settings;
    private final PlanCheck check;
    private final Map<Integer, FutureTask<Stage>> tasks = new ConcurrentHashMap<>();
    private final Map<Integer, Stage> done = new ConcurrentSkipListMap<>();

    StageScheduler(
            BuildServices services,
            LayerSteps layers,
            Planner planner,
            StageGraph graph,
            BuildSettings settings,
            BuildListener listener,
            Lease lease,
            Cancellation outer) {
        this.graph = graph;
        this.outer = outer;
        this.settings = settings;
        this.check = new PlanCheck(graph, planner, settings);
        this.runner = new StageRunner(services, layers, planner, settings, listener, lease, cancellation);
    }

    BuildState run() throws BuildException, DockerfileException {
        Set<Integer> needed = graph.needed();
        check.check(node -> runner.known(node.from(), node.plan()));
        try (var _ = outer.onCancel(cancellation::cancel)) {
            if (needed.size() == 1) {
                stage(graph.target());
            } else {
                together(needed);
            }
        }
        return state();
    }

    private void together(Set<Integer> needed) throws BuildException {
        try (ExecutorService pool = Executors.newFixedThreadPool(
                Math.min(AT_ONCE, needed.size()),
                Thread.ofPlatform().daemon().name("build-stage-", 0).factory())) {
            var futures = new ArrayList<Future<Stage>>();
            for (int index : needed) {
                Callable<Stage> work = () -> stage(index);
                futures.add(pool.submit(work));
            }
            Optional<BuildException> failure = Optional.empty();
            for (Future<Stage> future : futures) {
                failure = more(failure, ended(future));
            }
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
    }

    private static Optional<BuildException> ended(Future<Stage> future) {
        try {
            future.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BuildException failure) {
                return Optional.of(failure);
            }
            throw unexpected(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static RuntimeException unexpected(ExecutionException e) {
        return e.getCause() instanceof RuntimeException bug ? bug : new IllegalStateException(e.getCause());
    }

    /** What went wrong, rather than what was cancelled because of it. Roots that nobody will ask for are closed. */
    private static Optional<BuildException> more(Optional<BuildException> first, Optional<BuildException> second) {
        if (first.isEmpty() || second.isEmpty() || first.get() == second.get()) {
            return first.or(() -> second);
        }
        boolean firstIsCause = first.get().kind() != BuildException.Kind.CANCELLED;
        BuildException kept = firstIsCause ? first.get() : second.get();
        BuildException other = firstIsCause ? second.get() : first.get();
        if (kept != other) {
            other.failedRoot().ifPresent(root -> {
                try {
                    root.close();
                } catch (IOException e) {
                    kept.addSuppressed(e);
                }
            });
        }
        return Optional.of(kept);
    }

    private BuildState state() {
        return new BuildState(graph.globals(), List.copyOf(done.values()));
    }

    /** The stage, built by this thread or waited for. */
    private Stage stage(int index) throws BuildException {
        FutureTask<Stage> task = tasks.computeIfAbsent(index, i -> new FutureTask<>(() -> build(i)));
        task.run();
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BuildException failure) {
                throw failure;
            }
            throw unexpected(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StepFailedException.cancelled()
                    .at(graph.nodes().get(index).from().origin().range());
        }
    }

    private Stage build(int index) throws BuildException {
        StageGraph.Node node = graph.nodes().get(index);
        for (int need : node.needs()) {
            stage(need);
        }
        try {
            StageRunner.Numbering numbering = numbering(node);
            BuildState ready = state();
            Stage stage = runner.begin(ready, node.from(), node.plan(), numbering, this::readyFor);
            check(node, stage);
            long triggers = stage.steps().stream().filter(StepRecord::onBuild).count();
            for (Instruction instruction : node.instructions()) {
                stage = runner.step(ready, stage, instruction, false, numbering.with(triggers));
            }
            done.put(index, stage);
            return stage;
        } catch (BuildException e) {
            cancellation.cancel();
            throw e;
        }
    }

    /** Again where the base had to be fetched; before the first step all the same. */
    private void check(StageGraph.Node node, Stage stage) throws BuildException {
        try {
            check.check(node, stage.draft());
        } catch (DockerfileException e) {
            throw StageRunner.invalid(e.diagnostic());
        }
    }

    /** A trigger of an image may read from a stage that nothing else needs. */
    private BuildState readyFor(Instruction trigger) throws BuildException {
        try {
            for (String name : StageSources.of(trigger)) {
                Optional<Integer> index = StageSources.stage(name, trigger, graph.names(), settings);
                if (index.isPresent()) {
                    stage(index.get());
                }
            }
        } catch (DockerfileException e) {
            throw StageRunner.invalid(e.diagnostic());
        }
        return state();
    }

    private StageRunner.Numbering numbering(StageGraph.Node node) {
        boolean isImage = node.baseStage().isEmpty() && !node.plan().base().equals(FromPlan.SCRATCH);
        int total = (isImage ? 1 : 0)
                + (int) node.instructions().stream()
                        .filter(StageRunner.Numbering::counts)
                        .count();
        boolean alone = graph.nodes().size() == 1;
        return new StageRunner.Numbering(node.index(), alone ? "" : node.title(), total);
    }
}
