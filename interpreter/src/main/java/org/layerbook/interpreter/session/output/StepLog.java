package org.layerbook.interpreter.session.output;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.builder.step.CacheMiss;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.output.FoldedOutput;
import org.layerbook.interpreter.output.OutputLines;
import org.layerbook.interpreter.output.TextSink;
import org.layerbook.interpreter.report.StepsReport;
import org.layerbook.interpreter.view.Views;
import org.layerbook.interpreter.view.layout.ProgressText;
import org.layerbook.interpreter.view.layout.ViewOptions;

/**
 * What the steps of a cell do while they run: output goes out at once, progress into one display that changes in place,
 * warnings beside their step. Collects the table that ends the cell.
 */
public final class StepLog implements BuildListener {
    private static final int TAIL_LINES = 10;

    private final CellOutput output;
    private final List<StepsReport.Row> steps = new ArrayList<>();
    private final List<StepRecord> records = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private Optional<CellOutput.Display> display = Optional.empty();
    private Optional<StepsReport.Row> current = Optional.empty();
    private TextSink stdout;
    private TextSink stderr;
    private OutputLines tail = new OutputLines(TAIL_LINES);
    private FoldedOutput printed;

    public StepLog(CellOutput output) {
        this.output = output;
        openStreams(0);
    }

    private void openStreams(int step) {
        var lines = new OutputLines(TAIL_LINES);
        tail = lines;
        var run = new FoldedOutput(output, Optional.of("step " + step));
        printed = run;
        stdout = new TextSink(text -> {
            lines.add(text);
            beforeText();
            run.print(text, false);
        });
        stderr = new TextSink(text -> {
            lines.add(text);
            beforeText();
            run.print(text, true);
        });
    }

    /** What a step prints comes below the display of the progress before it: that keeps the steps up to here. */
    private synchronized void beforeText() {
        if (display.isPresent() && !steps.isEmpty()) {
            display.get().update(render(steps, Optional.empty()));
            steps.clear();
            display = Optional.empty();
        }
    }

    /** An instruction begins. */
    public void begin(int number, Instruction instruction) {
        warnings.clear();
        current =
                Optional.of(StepsReport.Row.unfinished(number, instruction, StepsReport.State.RUNNING, Duration.ZERO));
        openStreams(number);
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
        printed.end();
    }

    private synchronized void progress(BuildEvent.Progress progress) {
        if (current.isEmpty()) {
            return;
        }
        var shown = new ArrayList<>(steps);
        shown.add(current.get().withProgress(progress.what() + ProgressText.share(progress.done(), progress.total())));
        var rendered = render(shown, Optional.empty());
        if (display.isPresent()) {
            display.get().update(rendered);
        } else {
            display = Optional.of(output.live(rendered));
        }
    }

    /** The instruction is done; it made these steps (several when a base has triggers). */
    public void finished(int firstNumber, List<StepRecord> made, List<String> more) {
        closeStreams();
        for (int i = 0; i < made.size(); i++) {
            var step = StepsReport.Row.of(firstNumber + i, made.get(i));
            var beside = new ArrayList<>(i == 0 ? warnings : List.<String>of());
            beside.addAll(i == 0 ? more : List.of());
            steps.add(step.withWarnings(beside));
            records.add(made.get(i));
        }
        current = Optional.empty();
    }

    /** The instruction failed: its line stands in the table as such. */
    public void failed() {
        closeStreams();
        current.ifPresent(step -> steps.add(StepsReport.Row.unfinished(
                step.number(), step.instruction(), StepsReport.State.FAILED, Duration.ZERO)));
        current = Optional.empty();
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** The steps that were carried out. */
    public List<StepRecord> records() {
        return List.copyOf(records);
    }

    public List<String> tail() {
        return tail.last(TAIL_LINES);
    }

    /** What changed, so that the first step that could have come from the cache did not; a new step is no news. */
    public Optional<String> missed() {
        return records.stream()
                .flatMap(r -> r.miss().stream())
                .filter(miss -> !miss.changed().isEmpty())
                .map(CacheMiss::explanation)
                .map(text -> text.startsWith("changed: ") ? text.substring("changed: ".length()) + " changed" : text)
                .findFirst();
    }

    private Rendered render(List<StepsReport.Row> rows, Optional<StepsReport.LiveImage> live) {
        return Views.render(new StepsReport(rows, live), ViewOptions.of(output.columns()));
    }

    /** Shows the table, in the display that showed the progress where there was some, and begins a new one. */
    public void show(Optional<StepsReport.LiveImage> live) {
        if (records.isEmpty()) {
            return;
        }
        var rendered = render(steps, live);
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
