package org.layerbook.interpreter.command.build;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildEvent.StepId;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.interpreter.output.OutputLines;
import org.layerbook.interpreter.report.BuildReport;
import org.layerbook.interpreter.report.StepsReport.Row;
import org.layerbook.interpreter.report.StepsReport.State;
import org.layerbook.interpreter.view.layout.ProgressText;
import org.layerbook.interpreter.view.layout.SafeText;

/** What a build has done so far, as a report at any moment. Thread-safe. */
final class BuildProgress implements BuildListener {
    private static final int TAIL = 6;
    private static final int KEPT_LINES = 200;

    private final LongSupplier nanoTime;
    private final Map<StepId, Tracked> entries = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private final List<String> asides = new ArrayList<>();
    private Optional<Tracked> failed = Optional.empty();

    /** @param nanoTime as {@link System#nanoTime} */
    BuildProgress(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** A step and what it has done so far. */
    private static final class Tracked {
        final BuildEvent.StepStarted start;
        final long began;
        final OutputLines output = new OutputLines(KEPT_LINES);
        Optional<String> progress = Optional.empty();
        Optional<StepRecord> record = Optional.empty();
        boolean failed;

        Tracked(BuildEvent.StepStarted start, long began) {
            this.start = start;
            this.began = began;
        }

        boolean runs() {
            return record.isEmpty() && !failed;
        }
    }

    /** @param title as docker names the step: {@code [2/3] RUN make} */
    record StepFailure(String title, Instruction instruction, List<String> output) {}

    @Override
    public synchronized void on(BuildEvent event) {
        switch (event) {
            case BuildEvent.StepStarted started ->
                entries.put(started.step(), new Tracked(started, nanoTime.getAsLong()));
            case BuildEvent.Output output -> entry(output.step()).ifPresent(entry -> entry.output.add(output.bytes()));
            case BuildEvent.Progress progress ->
                entry(progress.step()).ifPresent(entry -> entry.progress = Optional.of(words(progress)));
            case BuildEvent.StepFinished finished ->
                entry(finished.step()).ifPresent(entry -> {
                    entry.output.end();
                    entry.record = Optional.of(finished.record());
                });
            case BuildEvent.StepFailed stepFailed -> {
                entry(stepFailed.step()).ifPresent(entry -> entry.failed = true);
                failed = entry(stepFailed.step());
            }
            case BuildEvent.Aside aside -> asides.add(aside.title() + ": " + String.join(", ", aside.lines()));
            case BuildEvent.Warning warning -> warnings.add(warning.message());
        }
    }

    private Optional<Tracked> entry(StepId id) {
        return Optional.ofNullable(entries.get(id));
    }

    private static String words(BuildEvent.Progress progress) {
        return progress.what() + ProgressText.share(progress.done(), progress.total());
    }

    /** With the last lines of what runs. */
    synchronized BuildReport running() {
        var tail = entries.values().stream()
                .filter(entry -> entry.runs() || entry.failed)
                .flatMap(entry -> entry.output.last(TAIL).stream())
                .toList();
        return new BuildReport(lines(), tail, Optional.empty());
    }

    synchronized BuildReport finished(BuildReport.Finished finished) {
        return new BuildReport(lines(), List.of(), Optional.of(finished));
    }

    synchronized List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** What was done besides the steps, a line each. */
    synchronized List<String> asides() {
        return List.copyOf(asides);
    }

    synchronized Optional<StepFailure> failed() {
        return failed.map(entry -> {
            entry.output.end();
            return new StepFailure(
                    SafeText.harmless(entry.start.title()), entry.start.instruction(), entry.output.kept());
        });
    }

    private List<BuildReport.Line> lines() {
        return entries.values().stream().map(this::line).toList();
    }

    private BuildReport.Line line(Tracked entry) {
        int number = entry.start.step().position();
        Row step = entry.record.map(record -> Row.of(number, record)).orElseGet(() -> unfinished(number, entry));
        return new BuildReport.Line(entry.start.step().stage(), step, entry.output.kept(), entry.output.count());
    }

    private Row unfinished(int number, Tracked entry) {
        State state = entry.failed ? State.FAILED : State.RUNNING;
        Duration time = Duration.ofNanos(nanoTime.getAsLong() - entry.began);
        Row step =
                Row.unfinished(number, entry.start.instruction(), state, time).onBuild(entry.start.onBuild());
        return entry.progress
                .filter(words -> entry.runs())
                .map(step::withProgress)
                .orElse(step);
    }
}
