package org.layerbook.interpreter.command.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.layerbook.engine.concurrent.Throttle;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.registry.transfer.TransferEvent;
import org.layerbook.engine.registry.transfer.TransferEvent.State;
import org.layerbook.engine.registry.transfer.TransferListener;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.report.TransferReport;
import org.layerbook.interpreter.view.Views;
import org.layerbook.interpreter.view.layout.DockerUnits;
import org.layerbook.interpreter.view.layout.ViewOptions;

/**
 * A pull or push as docker tells it: a line for each layer, changed in place at most ten times a second where there is a
 * display that can be changed; else (a pipe, a file) a line whenever a layer comes to another state. Thread-safe.
 */
public final class TransferProgress implements TransferListener {
    private static final int BAR = 50;

    private final CommandContext context;
    private final boolean pushes;
    private final LongSupplier nanoTime;
    private final Throttle throttle;
    /** Else a line is said once. */
    private final boolean inPlace;
    /** When the first bytes came or went; the rate is of the time since. */
    private OptionalLong began = OptionalLong.empty();

    private final StringBuilder head = new StringBuilder();
    private Optional<String> announced = Optional.empty();
    private final Map<Digest, Line> lines = new LinkedHashMap<>();
    private Optional<CellOutput.Display> display = Optional.empty();

    private static final class Line {
        String state = "";
        String bar = "";
        long done;
        long total;
        long moved;
    }

    public TransferProgress(CommandContext context, boolean pushes, LongSupplier nanoTime) {
        this.context = context;
        this.pushes = pushes;
        this.nanoTime = nanoTime;
        this.inPlace = context.display().filter(CellOutput::changesInPlace).isPresent();
        this.throttle = Throttle.immediate(nanoTime);
    }

    /** A line before those of the layers. */
    public synchronized void say(String line) throws IOException {
        if (inPlace) {
            head.append(line).append('\n');
        } else {
            context.print(line + "\n");
        }
    }

    /** A line to be said when it is known that there is something to be fetched. */
    synchronized void announce(String line) {
        announced = Optional.of(line);
    }

    @Override
    public synchronized void resolved() {
        Optional<String> line = announced;
        announced = Optional.empty();
        if (line.isPresent()) {
            try {
                say(line.get());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Whether nothing has come yet of what was {@linkplain #announce announced}. */
    synchronized boolean isUnresolved() {
        return announced.isPresent();
    }

    @Override
    public synchronized void on(TransferEvent event) {
        Line line = lines.computeIfAbsent(event.layer(), any -> new Line());
        switch (event) {
            case TransferEvent.Changed changed -> {
                line.bar = "";
                if (changed.state() == State.DOWNLOADED) {
                    state(event.layer(), line, "Verifying Checksum", true);
                }
                state(event.layer(), line, words(changed.state()), isTold(changed.state()));
            }
            case TransferEvent.Mounted mounted -> {
                line.bar = "";
                state(event.layer(), line, "Mounted from " + mounted.from(), true);
            }
            case TransferEvent.Progress progress -> {
                line.moved += Math.max(0, progress.done() - line.done);
                line.done = progress.done();
                line.total = progress.total();
                if (progress.done() > 0) {
                    began = began.isPresent() ? began : OptionalLong.of(nanoTime.getAsLong());
                    line.state = words(progress.state());
                    line.bar = bar(progress.done(), progress.total());
                }
            }
        }
        if (inPlace && throttle.passes()) {
            String totals = totals(nanoTime.getAsLong());
            show(text() + totals, totals);
        }
    }

    /** What docker shows as a bar alone has no line where there is no display. */
    private static boolean isTold(State state) {
        return switch (state) {
            case DOWNLOADING, UNPACKING, UPLOADING -> false;
            case PENDING, WAITING, EXISTS, DOWNLOADED, PULLED, COMPRESSING, PUSHED, SKIPPED -> true;
        };
    }

    private void state(Digest layer, Line line, String words, boolean told) {
        if (words.isEmpty() || words.equals(line.state)) {
            return;
        }
        line.state = words;
        if (told && !inPlace) {
            try {
                context.print(layer.shortHex() + ": " + words + "\n");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Docker's words. */
    private String words(State state) {
        return switch (state) {
            case PENDING -> "Pulling fs layer";
            case WAITING -> "Waiting";
            case EXISTS -> pushes ? "Layer already exists" : "Already exists";
            case DOWNLOADING -> "Downloading";
            case DOWNLOADED -> "Download complete";
            case UNPACKING -> "Extracting";
            case PULLED -> "Pull complete";
            case COMPRESSING -> "Preparing";
            case UPLOADING -> "Pushing";
            case PUSHED -> "Pushed";
            case SKIPPED -> "Skipped foreign layer";
        };
    }

    private static String bar(long done, long total) {
        if (total <= 0) {
            return "  " + DockerUnits.size(done);
        }
        int filled = (int) Math.min(BAR, done * BAR / total);
        String arrow = filled == 0 ? ">" : "=".repeat(filled - (filled == BAR ? 0 : 1)) + ">";
        String padded = (arrow + " ".repeat(BAR)).substring(0, BAR);
        return " [" + padded + "]  " + DockerUnits.size(done) + "/" + DockerUnits.size(total);
    }

    private String text() {
        var text = new StringBuilder(head);
        lines.forEach((layer, line) -> text.append(layer.shortHex())
                .append(": ")
                .append(line.state)
                .append(line.bar)
                .append('\n'));
        return text.toString();
    }

    private String totals(long now) {
        long moved = lines.values().stream().mapToLong(line -> line.moved).sum();
        long total = lines.values().stream().mapToLong(line -> line.total).sum();
        long here = lines.values().stream()
                .filter(line -> line.state.endsWith("lready exists"))
                .count();
        var words = new ArrayList<String>();
        if (total > 0) {
            words.add(DockerUnits.size(moved) + " of " + DockerUnits.size(total));
        }
        if (began.isPresent()) {
            double seconds = Math.max((now - began.getAsLong()) / 1e9, Throttle.PERIOD.toNanos() / 1e9);
            words.add(DockerUnits.size((long) (moved / seconds)) + "/s");
        }
        if (here > 0) {
            words.add(here + (here == 1 ? " layer" : " layers") + " already there");
        }
        return String.join(", ", words);
    }

    private void show(String text, String foot) {
        var layers = lines.entrySet().stream()
                .map(entry -> layer(entry.getKey(), entry.getValue()))
                .toList();
        var report = new TransferReport(
                text,
                head.toString().lines().toList(),
                layers,
                foot.strip().lines().toList());
        int columns = context.display().orElseThrow().columns();
        Rendered rendered = Views.render(report, ViewOptions.of(columns));
        if (display.isPresent()) {
            display.get().update(rendered);
        } else {
            display = Optional.of(context.display().orElseThrow().live(rendered));
        }
    }

    private static TransferReport.Layer layer(Digest id, Line line) {
        return new TransferReport.Layer(id.shortHex(), line.state, !line.bar.isEmpty(), line.done, line.total);
    }

    /** The end, with the lines that follow those of the layers. */
    public synchronized void end(String tail) throws IOException {
        if (!inPlace) {
            context.print(tail);
            return;
        }
        String text = text() + tail;
        if (!text.isEmpty()) {
            show(text.stripTrailing(), tail);
        }
    }
}
