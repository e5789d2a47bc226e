package org.layerbook.engine.builder.step;

import java.util.function.LongSupplier;
import org.layerbook.engine.concurrent.Throttle;

/**
 * Tells how far something is: for the first time after a tenth of a second, then ten times a second at most, so that what
 * is quick tells nothing. Thread-safe; costs nothing that could be measured.
 */
public final class ThrottledProgress {
    /** Steps of the count between which the clock is not looked at. */
    private static final long UNLOOKED = 1 << 16;

    /** Counts for nobody. */
    public static final ThrottledProgress SILENT = new ThrottledProgress((what, done, total) -> {}, "", 0);

    private final ImageSource.Progress progress;
    private final String what;
    private final long total;
    private final Throttle throttle;
    private long done;
    private long looked;
    private boolean hasTold;

    /** @param total bytes; 0 when not known */
    public ThrottledProgress(ImageSource.Progress progress, String what, long total) {
        this(progress, what, total, System::nanoTime);
    }

    /** @param nanoTime as {@link System#nanoTime} */
    public ThrottledProgress(ImageSource.Progress progress, String what, long total, LongSupplier nanoTime) {
        this.throttle = Throttle.delayed(nanoTime);
        this.progress = progress;
        this.what = what;
        this.total = total;
    }

    /** {@code n} more bytes are done; a file costs something even if it is empty. */
    public synchronized void add(long n) {
        done += n;
        looked += n + 512;
        if (looked < UNLOOKED) {
            return;
        }
        looked = 0;
        if (throttle.passes()) {
            hasTold = true;
            // Complete is only what has ended.
            progress.on(what, total > 0 ? Math.min(done, total - 1) : done, total);
        }
    }

    /** All is done. Tells so where it has told anything before. */
    public synchronized void end() {
        if (hasTold) {
            progress.on(what, total > 0 ? total : done, total > 0 ? total : done);
        }
    }
}
