package org.layerbook.interpreter.command.build;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.layerbook.engine.builder.step.ImageSource;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.command.build.BuildRequest.Progress;
import org.layerbook.interpreter.command.spec.CommandContext;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.DockerErrors;
import org.layerbook.interpreter.view.layout.ProgressText;

/** How far the contexts of a build are that come from elsewhere: one line each, changed in place where there is a display. */
final class FetchProgress {
    private final CommandContext context;
    private final boolean live;
    private final LongSupplier nanoTime;
    private final Map<String, Duration> done = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    /** @param nanoTime as {@link System#nanoTime} */
    FetchProgress(CommandContext context, Progress mode, LongSupplier nanoTime) {
        this.context = context;
        this.live = mode == Progress.AUTO && context.display().isPresent();
        this.nanoTime = nanoTime;
    }

    /** Work that says how far it is. */
    @FunctionalInterface
    interface Work<T> {
        T run(ImageSource.Progress progress) throws IOException;
    }

    /** Does {@code work}; a failure becomes the build's. */
    <T> T during(String title, Work<T> work) throws CommandException {
        long began = nanoTime.getAsLong();
        var line = new Line(title);
        try {
            line.show("");
            T result = work.run((what, done, total) -> line.show(ProgressText.share(done, total)));
            Duration time = Duration.ofNanos(nanoTime.getAsLong() - began);
            done.put(title, time);
            line.show(String.format(Locale.ROOT, " %.1f s", time.toMillis() / 1000.0));
            return result;
        } catch (IOException e) {
            line.show(" failed");
            if (context.cancellation().isCancelled()) {
                throw new CommandException("ERROR: failed to build: failed to solve: Canceled: context canceled", 130);
            }
            throw BuildRequestReader.failed("failed to solve: " + DockerErrors.sentence(e));
        }
    }

    void warn(String message) {
        warnings.add(message);
    }

    /** Titles and times of what is done. */
    Map<String, Duration> done() {
        return done;
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    private final class Line {
        private final String title;
        private Optional<CellOutput.Display> display = Optional.empty();

        Line(String title) {
            this.title = title;
        }

        void show(String state) {
            if (!live) {
                return;
            }
            Rendered rendered = Rendered.text("[internal] " + title + state);
            if (display.isPresent()) {
                display.get().update(rendered);
            } else {
                display = Optional.of(context.display().orElseThrow().live(rendered));
            }
        }
    }
}
