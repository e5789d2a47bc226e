package org.layerbook.interpreter.output;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.ObjLongConsumer;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.report.OutputReport;
import org.layerbook.interpreter.view.Views;
import org.layerbook.interpreter.view.layout.ViewOptions;

/**
 * What a step or a container prints, on its way to the user. Where output can be folded, only its beginning is streamed: from then on one
 * display shows the last lines while they come, and at the end a fold with how many they were. A hundred thousand lines
 * would fill the notebook's file and its page. Thread-safe.
 */
public final class FoldedOutput {
    /** What is streamed: about a screen of lines. */
    static final int STREAMED_LINES = 25;

    static final int STREAMED_CHARS = 8_000;
    /** Lines that stay in the fold, and that are seen while more comes. */
    static final int FOLDED_LINES = 120;

    private static final int SEEN_LINES = 8;
    private static final long UPDATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final CellOutput output;
    private final Optional<String> source;
    private final LongSupplier clock;
    private final ObjLongConsumer<Runnable> later;
    private final boolean folds;
    private final OutputLines folded = new OutputLines(FOLDED_LINES);
    private Optional<CellOutput.Display> display = Optional.empty();
    private long lines;
    private long chars;
    private long shownAt;
    private boolean changed;

    /** @param source whose output it is, where that does not go without saying */
    public FoldedOutput(CellOutput output, Optional<String> source) {
        this(output, source, System::nanoTime, FoldedOutput::afterNanos);
    }

    /** @param clock as {@link System#nanoTime()}; @param later runs something after so many nanoseconds */
    FoldedOutput(CellOutput output, Optional<String> source, LongSupplier clock, ObjLongConsumer<Runnable> later) {
        this.output = output;
        this.source = source;
        this.clock = clock;
        this.later = later;
        this.folds = output.unfolds();
    }

    private static void afterNanos(Runnable task, long nanos) {
        Thread.startVirtualThread(() -> {
            LockSupport.parkNanos(nanos);
            task.run();
        });
    }

    /** Text as it was printed; not necessarily whole lines. */
    public synchronized void print(String text, boolean isStderr) {
        int streamed = folds ? streamable(text) : text.length();
        if (streamed > 0) {
            String begin = text.substring(0, streamed);
            if (isStderr) {
                output.stderr(begin);
            } else {
                output.stdout(begin);
            }
        }
        if (streamed < text.length()) {
            fold(text.substring(streamed));
        }
    }

    /** How much of the beginning still goes to the stream; whole lines, as long as they are not endless. */
    private int streamable(String text) {
        int i = 0;
        while (i < text.length() && lines < STREAMED_LINES && chars < STREAMED_CHARS) {
            lines += text.charAt(i) == '\n' ? 1 : 0;
            chars++;
            i++;
        }
        return i;
    }

    private void fold(String text) {
        folded.add(text);
        long left = shownAt + UPDATE_NANOS - clock.getAsLong();
        if (display.isEmpty() || left <= 0) {
            show(true);
        } else if (!changed) {
            changed = true;
            later.accept(this::settle, left);
        }
    }

    private void show(boolean running) {
        changed = false;
        shownAt = clock.getAsLong();
        var seen = folded.last(running ? SEEN_LINES : FOLDED_LINES);
        Rendered rendered =
                Views.render(new OutputReport(source, seen, folded.count(), running), ViewOptions.of(output.columns()));
        if (display.isPresent()) {
            display.get().update(rendered);
        } else {
            display = Optional.of(output.live(rendered));
        }
    }

    /** Nothing more comes; what was folded stays so. */
    public synchronized void end() {
        if (display.isPresent()) {
            show(false);
            display = Optional.empty();
        }
    }

    /** A process may fall silent after a burst: what came since the last update is shown all the same. */
    private synchronized void settle() {
        if (changed) {
            show(true);
        }
    }
}
