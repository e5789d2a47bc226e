package org.layerbook.interpreter.session;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.build.BuildEvent;
import org.layerbook.engine.build.BuildListener;
import org.layerbook.engine.build.CacheMiss;
import org.layerbook.engine.build.StepRecord;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.report.StepsReport;
import org.layerbook.interpreter.view.ViewOptions;
import org.layerbook.interpreter.view.Views;

/**
 * What the steps of a cell do while they run: output goes out at once, progress into one display that changes in place,
 * warnings beside their step. Collects the table that ends the cell.
 */
final class StepLog implements BuildListener {
    private static final int TAIL_LINES = 10;

    private final CellOutput output;
    private final List<StepsReport.Step> steps = new ArrayList<>();
    private final List<StepRecord> records = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private Optional<CellOutput.Display> display = Optional.empty();
    private Optional<StepsReport.Step> current = Optional.empty();
    private TextSink stdout;
    private TextSink stderr;
    private Tail tail = new Tail(TAIL_LINES);

    StepLog(CellOutput output) {
        this.output = output;
        openStreams();
    }

    private void openStreams() {
        Tail lines = new Tail(TAIL_LINES);
        tail = lines;
        stdout = new TextSink(text -> {
            lines.add(text);
            output.stdout(text);
        });
        stderr = new TextSink(text -> {
            lines.add(text);
            output.stderr(text);
        });
    }

    /** An instruction begins. */
    void begin(int number, Instruction instruction) {
        warnings.clear();
        current =
                Optional.of(StepsReport.Step.unfinished(number, instruction, StepsReport.State.RUNNING, Duration.ZERO));
        openStreams();
    }

    @Override
    public void on(BuildEvent event) {
        switch (event) {
            case BuildEvent.Output(var step, boolean isStderr, byte[] bytes) ->
                (isStderr ? stderr : stdout).write(bytes, 0, bytes.length);
            case BuildEvent.Progress progress -> progress(progress);
            case BuildEvent.Warning(String message, var range) -> warnings.add(message);
            case BuildEvent.StepStarted ignored -> {}
            case BuildEvent.Aside ignored -> {}
            case BuildEvent.StepFinished ignored -> closeStreams();
            case BuildEvent.StepFailed ignored -> closeStreams();
        }
    }

    private void closeStreams() {
        stdout.close();
        stderr.close();
    }

    private void progress(BuildEvent.Progress progress) {
        if (current.isEmpty()) {
            return;
        }
        String share = progress.total() > 0 ? " " + 100 * progress.done() / progress.total() + " %" : "";
        var shown = new ArrayList<>(steps);
        shown.add(current.get().withProgress(progress.what() + share));
        var rendered = Views.render(new StepsReport(shown, Optional.empty()), ViewOptions.of(output.columns()));
        if (display.isPresent()) {
            display.get().update(rendered);
        } else {
            display = Optional.of(output.live(rendered));
        }
    }

    /** The instruction is done; it made these steps (several when a base has triggers). */
    void finished(int firstNumber, List<StepRecord> made, List<String> more) {
        closeStreams();
        for (int i = 0; i < made.size(); i++) {
            var step = StepsReport.Step.of(firstNumber + i, made.get(i));
            var beside = new ArrayList<>(i == 0 ? warnings : List.<String>of());
            beside.addAll(i == 0 ? more : List.of());
            steps.add(step.withWarnings(beside));
            records.add(made.get(i));
        }
        current = Optional.empty();
    }

    /** The instruction failed: its line stands in the table as such. */
    void failed() {
        closeStreams();
        current.ifPresent(step -> steps.add(StepsReport.Step.unfinished(
                step.number(), step.instruction(), StepsReport.State.FAILED, Duration.ZERO)));
        current = Optional.empty();
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** The steps that were carried out. */
    List<StepRecord> records() {
        return List.copyOf(records);
    }

    List<String> tail() {
        return tail.lines();
    }

    /** What changed, so that the first step that could have come from the cache did not; a new step is no news. */
    Optional<String> missed() {
        return records.stream()
                .flatMap(r -> r.miss().stream())
                .filter(miss -> !miss.changed().isEmpty())
                .map(CacheMiss::explanation)
                .map(text -> text.startsWith("changed: ") ? text.substring("changed: ".length()) + " changed" : text)
                .findFirst();
    }

    /** Shows the table, in the display that showed the progress where there was some, and begins a new one. */
    void show(Optional<StepsReport.LiveImage> live) {
        if (steps.isEmpty()) {
            return;
        }
        var rendered = Views.render(new StepsReport(steps, live), ViewOptions.of(output.columns()));
        if (display.isPresent()) {
            display.get().update(rendered);
        } else {
            output.display(rendered);
        }
        display = Optional.empty();
        steps.clear();
        records.clear();
    }
}
