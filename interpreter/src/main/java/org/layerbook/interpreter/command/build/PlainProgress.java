package org.layerbook.interpreter.command.build;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.layerbook.engine.builder.step.BuildEvent;
import org.layerbook.engine.builder.step.BuildEvent.StepId;
import org.layerbook.engine.builder.step.BuildListener;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.interpreter.output.OutputLines;
import org.layerbook.interpreter.view.layout.SafeText;

/**
 * A build as {@code --progress=plain} tells it: numbered steps, each line with the step's number, a header wherever the
 * lines of another step begin. Steps that change only the config are not told, as BuildKit has none for them.
 */
public final class PlainProgress implements BuildListener {
    private final Consumer<String> out;
    private final LongSupplier nanoTime;
    private final Map<StepId, Told> steps = new LinkedHashMap<>();
    private int lastNumber;
    private Told current;

    /** @param out takes whole lines; @param nanoTime as {@link System#nanoTime} */
    public PlainProgress(Consumer<String> out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
    }

    private static final class Told {
        final int number;
        final String title;
        final long began;
        final OutputLines output = new OutputLines(0);
        /** What progress has been told of: once each. */
        final Set<String> done = new HashSet<>();

        boolean ended;

        Told(int number, String title, long began) {
            this.number = number;
            this.title = title;
            this.began = began;
        }
    }

    /** Something besides the steps, with what there is to say of it, done at once. */
    synchronized void aside(String title, List<String> lines, Duration time) {
        Told told = new Told(++lastNumber, title, nanoTime.getAsLong());
        lines.forEach(line -> say(told, line));
        end(told, done(time));
    }

    synchronized void warn(String sentence) {
        out.accept("WARNING: " + sentence);
    }

    @Override
    public synchronized void on(BuildEvent event) {
        switch (event) {
            case BuildEvent.StepStarted started -> start(started);
            case BuildEvent.Output output -> {
                Told told = told(output.step());
                told.output.add(output.bytes()).forEach(line -> say(told, seconds(told) + " " + line));
            }
            case BuildEvent.Progress progress -> progress(progress);
            case BuildEvent.StepFinished finished -> finish(finished.step(), finished.record());
            case BuildEvent.StepFailed failed -> {
                Told told = told(failed.step());
                told.output.end().forEach(line -> say(told, seconds(told) + " " + line));
                end(told, "ERROR: " + failed.message());
            }
            case BuildEvent.Aside aside -> aside(aside.title(), aside.lines(), Duration.ZERO);
            case BuildEvent.Warning warning -> warn(warning.message());
        }
    }

    private void start(BuildEvent.StepStarted started) {
        StepId id = started.step();
        var told =
                new Told(id.number() == 0 ? 0 : ++lastNumber, SafeText.harmless(started.title()), nanoTime.getAsLong());
        steps.put(id, told);
        if (id.number() > 0) {
            head(told);
        }
    }

    private Told told(StepId id) {
        return steps.computeIfAbsent(id, missing -> new Told(++lastNumber, "", nanoTime.getAsLong()));
    }

    private void progress(BuildEvent.Progress progress) {
        boolean isUnderWay = progress.total() > 0 && progress.done() < progress.total();
        Told told = told(progress.step());
        if (!isUnderWay && told.done.add(progress.what())) {
            say(told, progress.what());
        }
    }

    private void finish(StepId id, StepRecord record) {
        Told told = told(id);
        told.output.end().forEach(line -> say(told, seconds(told) + " " + line));
        if (id.number() == 0) {
            return;
        }
        if (record.cached()) {
            end(told, "CACHED");
            return;
        }
        record.miss().ifPresent(miss -> say(told, "not cached: " + miss.explanation()));
        end(told, done(record.time()));
    }

    private static String done(Duration time) {
        return String.format(Locale.ROOT, "DONE %.1fs", time.toMillis() / 1000.0);
    }

    private void say(Told told, String line) {
        if (told.number > 0) {
            head(told);
            out.accept("#" + told.number + " " + line);
        }
    }

    private void end(Told told, String line) {
        say(told, line);
        told.ended = true;
        out.accept("");
        current = null;
    }

    /** Names the step, unless the line before was its own. */
    private void head(Told told) {
        if (current == told) {
            return;
        }
        if (current != null) {
            out.accept("#" + current.number + " ...");
            out.accept("");
        }
        out.accept("#" + told.number + " " + told.title);
        current = told;
    }

    private String seconds(Told told) {
        Duration since = Duration.ofNanos(nanoTime.getAsLong() - told.began);
        return String.format(Locale.ROOT, "%.3f", since.toMillis() / 1000.0);
    }
}
