package org.layerbook.engine.builder;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.copy.SourceResolver;
import org.layerbook.engine.builder.plan.ArgScope;
import org.layerbook.engine.builder.plan.BuildSettings;
import org.layerbook.engine.builder.plan.FromPlan;
import org.layerbook.engine.builder.plan.NamedContext;
import org.layerbook.engine.builder.plan.PlanCheck;
import org.layerbook.engine.builder.plan.Planner;
import org.layerbook.engine.builder.plan.RunPlanner;
import org.layerbook.engine.builder.plan.StageConfig;
import org.layerbook.engine.builder.plan.StageConfigs;
import org.layerbook.engine.builder.plan.Step;
import org.layerbook.engine.builder.plan.StepText;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.builder.step.BuildServices;
import org.layerbook.engine.builder.step.BuildState;
import org.layerbook.engine.builder.step.CacheKey;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.engine.builder.step.StepContext;
import org.layerbook.engine.builder.step.StepFailedException;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.oci.Reference;

/** Carries out the instructions of a stage one after the other: plan, layer, image, record, events. */
final class StageRunner {
    private static final LayerChanges NO_CHANGES = new LayerChanges(List.of());

    private final BuildServices services;
    private final LayerSteps layers;
    private final Planner planner;
    private final BuildSettings settings;
    private final BuildListener listener;
    private final Lease lease;
    private final Cancellation cancellation;

    StageRunner(
            BuildServices services,
            LayerSteps layers,
            Planner planner,
            BuildSettings settings,
            BuildListener listener,
            Lease lease,
            Cancellation cancellation) {
        this.services = services;
        this.layers = layers;
        this.planner = planner;
        this.settings = settings;
        this.listener = listener;
        this.lease = lease;
        this.cancellation = cancellation;
    }

    /** Builds what an ONBUILD trigger reads from, if it has to be built yet. */
    @FunctionalInterface
    interface Needs {
        BuildState readyFor(Instruction trigger) throws BuildException;
    }

    /**
     * How a stage's steps are numbered in events.
     *
     * @param title as docker prints it, empty in a Dockerfile with one stage
     * @param total steps that docker counts, triggers not yet among them; 0 when not known
     */
    record Numbering(int index, String title, int total) {
        /** BuildKit counts every trigger, also those that only change the config. */
        Numbering with(long triggers) {
            return new Numbering(index, title, total == 0 ? 0 : total + (int) triggers);
        }

        static boolean counts(Instruction instruction) {
            return switch (instruction) {
                case Instruction.Run run -> true;
                case Instruction.Copy copy -> true;
                case Instruction.Add add -> true;
                case Instruction.Workdir workdir -> true;
                default -> false;
            };
        }
    }

    private record Base(StageConfig draft, List<Layer> layers, List<String> triggers, Optional<Image> image) {}

    /** What a FROM begins with, where that is known before anything is fetched. */
    Optional<PlanCheck.Base> known(Instruction.From from, FromPlan plan) {
        Platform platform = plan.platform().orElse(settings.platform());
        String name = plan.base();
        boolean replaced = from.stageName().flatMap(settings::namedContext).isPresent();
        if (replaced || settings.pull() || settings.namedContext(name).isPresent()) {
            return Optional.empty();
        }
        if (name.equals(FromPlan.SCRATCH)) {
            return Optional.of(PlanCheck.Base.scratch(settings.platform()));
        }
        return Optional.ofNullable(settings.namedImages().get(name))
                .or(() -> services.images().atHand(name, platform))
                .map(image -> new PlanCheck.Base(
                        StageConfig.of(image.config(), name),
                        image.config().config().onBuild()));
    }

    /** FROM, and the triggers that the base brings along. */
    Stage begin(BuildState state, Instruction.From from, FromPlan plan, Numbering numbering, Needs needs)
            throws BuildException {
        long start = System.nanoTime();
        boolean isImage = !plan.base().equals(FromPlan.SCRATCH)
                && state.base(plan.base(), numbering.index()).isEmpty();
        var id = new BuildEvent.StepId(numbering.title(), 1, isImage ? 1 : 0, numbering.total());
        SourceRange range = from.origin().range();
        var context = new StepContext(state, settings, id, range, listener, lease, cancellation);
        listener.on(new BuildEvent.StepStarted(
                id,
                from,
                "FROM "
                        + fullName(
                                plan.base(),
                                isImage && settings.namedContext(plan.base()).isEmpty()),
                false));
        Base base;
        try {
            base = base(from, plan, state.base(plan.base(), numbering.index()), context);
        } catch (StepFailedException e) {
            listener.on(new BuildEvent.StepFailed(id, e.getMessage()));
            throw e.at(range);
        }
        Image image = StageConfigs.image(base.draft(), base.layers());
        var record = new StepRecord(
                from,
                false,
                List.of(),
                Optional.empty(),
                image,
                Optional.empty(),
                NO_CHANGES,
                true,
                Duration.ofNanos(System.nanoTime() - start),
                Optional.empty(),
                Optional.empty());
        listener.on(new BuildEvent.StepFinished(id, record));
        var stage = new Stage(
                numbering.index(),
                from.stageName(),
                from,
                image,
                base.draft(),
                plan.base(),
                base.image(),
                List.of(record));
        return triggered(state, stage, base.triggers(), numbering, needs);
    }

    private static String fullName(String base, boolean isImage) {
        try {
            return isImage ? Reference.parse(base).tagged().toString() : base;
        } catch (IllegalArgumentException e) {
            return base;
        }
    }

    private Base base(Instruction.From from, FromPlan plan, Optional<Stage> above, StepContext context)
            throws StepFailedException {
        Platform platform = plan.platform().orElse(settings.platform());
        Optional<String> replaced =
                from.stageName().filter(name -> settings.namedContext(name).isPresent());
        Optional<Stage> stage =
                replaced.isPresent() || settings.namedImages().containsKey(plan.base()) ? Optional.empty() : above;
        if (stage.isPresent()) {
            StageConfig parent = stage.get().draft();
            return new Base(
                    parent.inherited(),
                    stage.get().image().layers(),
                    parent.config().onBuild(),
                    Optional.of(stage.get().image()));
        }
        if (plan.base().equals(FromPlan.SCRATCH) && replaced.isEmpty()) {
            // For BuildKit nothing is of no platform, so --platform of FROM does not count.
            return new Base(StageConfig.scratch(settings.platform()), List.of(), List.of(), Optional.empty());
        }
        String name = replaced.orElse(plan.base());
        Optional<NamedContext> named = settings.namedContext(name);
        if (named.isPresent() && named.get() instanceof NamedContext.Folder folder) {
            return folder(name, folder, platform, context);
        }
        if (named.isPresent() && named.get().equals(new NamedContext.ImageName(FromPlan.SCRATCH))) {
            return new Base(StageConfig.scratch(platform), List.of(), List.of(), Optional.empty());
        }
        try {
            Image image = new SourceResolver(services).image(name, platform, context);
            return new Base(
                    StageConfig.of(image.config(), fullName(name, true)),
                    image.layers(),
                    image.config().config().onBuild(),
                    Optional.of(image));
        } catch (IOException e) {
            throw LayerSteps.explained(e, context);
        }
    }

    /** An image of one layer, the folder's files. BuildKit says the same of it when it exports the image. */
    private Base folder(String name, NamedContext.Folder folder, Platform platform, StepContext context)
            throws StepFailedException {
        StageConfig draft =
                StageConfig.scratch(platform).withContextLayer("local source for " + BuildSettings.contextName(name));
        var options = new Step.Options(Optional.empty(), Optional.empty(), "", List.of(), false, Optional.empty());
        var copy = new Step.Copy(draft, "FROM", List.of(new Step.Source.Context(folder, name)), "/", options);
        var place =
                new LayerSteps.Place(Optional.empty(), ArgScope.EMPTY, List.of("context " + name), !settings.noCache());
        LayerSteps.Made made = layers.layer(copy, place, context);
        return new Base(draft.withLayerTime(made.created()), List.of(made.layer()), List.of(), Optional.empty());
    }

    private Stage triggered(BuildState state, Stage stage, List<String> triggers, Numbering numbering, Needs needs)
            throws BuildException {
        Stage current = stage;
        Numbering counted = numbering.with(triggers.size());
        for (String trigger : triggers) {
            Instruction instruction;
            try {
                instruction = PlanCheck.trigger(trigger, stage.from(), stage.base());
            } catch (DockerfileException e) {
                throw invalid(e.diagnostic());
            }
            BuildState ready = needs.readyFor(instruction);
            current = step(ready, current, instruction, true, counted);
        }
        return current;
    }

    static BuildException invalid(Diagnostic diagnostic) {
        return new BuildException(BuildException.Kind.INVALID, diagnostic, 1, Optional.empty(), null);
    }

    /** One instruction after FROM. */
    Stage step(BuildState state, Stage stage, Instruction instruction, boolean onBuild, Numbering numbering)
            throws BuildException {
        long start = System.nanoTime();
        SourceRange range =
                onBuild ? stage.from().origin().range() : instruction.origin().range();
        Step step;
        try {
            step = planner.plan(stage.draft(), instruction);
            if (instruction instanceof Instruction.Run run) {
                RunPlanner.checkGrants(run);
            }
        } catch (DockerfileException e) {
            throw invalid(new Diagnostic(
                    range, e.diagnostic().message(), e.diagnostic().hint()));
        }
        BuildEvent.StepId id = id(stage, step, state, numbering);
        listener.on(new BuildEvent.StepStarted(
                id, instruction, StepText.of(instruction, step, stage.draft().environment()), onBuild));
        Stage after;
        try {
            var context = new StepContext(state, settings, id, range, listener, lease, cancellation);
            after = carriedOut(stage, instruction, onBuild, step, start, context);
        } catch (StepFailedException e) {
            listener.on(new BuildEvent.StepFailed(id, e.getMessage()));
            throw e.at(range, new BuildException.FailedStep(stage.image(), instruction));
        }
        listener.on(new BuildEvent.StepFinished(id, after.steps().getLast()));
        return after;
    }

    private BuildEvent.StepId id(Stage stage, Step step, BuildState state, Numbering numbering) {
        boolean fromCounts =
                !stage.base().equals(FromPlan.SCRATCH) && state.baseOf(stage).isEmpty();
        long before = (fromCounts ? 1 : 0)
                + stage.steps().stream()
                        .filter(record -> record.layer().isPresent())
                        .count();
        // WORKDIR / makes nothing, and BuildKit has no step for it, though it is in the total.
        int number = step instanceof Step.Configure ? 0 : (int) before + 1;
        return new BuildEvent.StepId(numbering.title(), stage.steps().size() + 1, number, numbering.total());
    }

    private Stage carriedOut(
            Stage stage, Instruction instruction, boolean onBuild, Step step, long start, StepContext context)
            throws StepFailedException {
        if (context.cancellation().isCancelled()) {
            throw StepFailedException.cancelled();
        }
        if (step instanceof Step.Configure) {
            return next(stage, instruction, onBuild, step, start, Optional.empty());
        }
        LayerSteps.Made made = layers.layer(step, place(stage, instruction), context);
        return next(stage, instruction, onBuild, step, start, Optional.of(made));
    }

    private LayerSteps.Place place(Stage stage, Instruction instruction) {
        String where = settings.context().map(Object::toString).orElse("-") + "\n" + stage.title() + "\n";
        boolean useCache =
                !settings.noCache() && settings.noCacheStages().stream().noneMatch(stage.title()::equalsIgnoreCase);
        return new LayerSteps.Place(
                stage.image().chainId(),
                stage.draft().args(),
                List.of(
                        where + instruction.origin().original().strip(),
                        where + "step " + stage.steps().size()),
                useCache);
    }

    private static Stage next(
            Stage stage,
            Instruction instruction,
            boolean onBuild,
            Step step,
            long start,
            Optional<LayerSteps.Made> made) {
        StageConfig draft =
                made.map(m -> step.after().withLayerTime(m.created())).orElse(step.after());
        var layers = new ArrayList<>(stage.image().layers());
        made.ifPresent(m -> layers.add(m.layer()));
        Image image = StageConfigs.image(draft, layers);
        var record = new StepRecord(
                instruction,
                onBuild,
                step instanceof Step.Configure configure ? configure.argValues() : List.of(),
                stage.image().chainId(),
                image,
                made.map(LayerSteps.Made::layer),
                made.map(LayerSteps.Made::changes).orElse(NO_CHANGES),
                made.map(LayerSteps.Made::cached).orElse(false),
                Duration.ofNanos(System.nanoTime() - start),
                made.map(LayerSteps.Made::key),
                made.flatMap(LayerSteps.Made::miss));
        var steps = new ArrayList<>(stage.steps());
        steps.add(record);
        return new Stage(
                stage.index(), stage.name(), stage.from(), image, draft, stage.base(), stage.baseImage(), steps);
    }

    /** Whether the step, carried out now on what it was carried out on, would have another key. */
    boolean hasOtherKey(BuildState state, Stage before, Instruction instruction, CacheKey key)
            throws DockerfileException, StepFailedException, IOException {
        Step step = planner.plan(before.draft(), instruction);
        var id = new BuildEvent.StepId(before.title(), 0, 0, 0);
        var context = new StepContext(
                state, settings, id, instruction.origin().range(), BuildListener.NONE, lease, cancellation);
        return !layers.keyNow(step, place(before, instruction), context).equals(key);
    }
}
