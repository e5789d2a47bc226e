package org.layerbook.engine.concurrent;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Lets what is shown of something that runs change ten times a second. Not thread-safe. */
public final class Throttle {
    public static final Duration PERIOD = Duration.ofMillis(100);

    private final LongSupplier nanoTime;
    private long passed;

    private Throttle(LongSupplier nanoTime, long passed) {
        this.nanoTime = nanoTime;
        this.passed = passed;
    }

    /** One that lets the first through after a period, so that what is quick shows nothing. */
    public static Throttle delayed(LongSupplier nanoTime) {
        return new Throttle(nanoTime, nanoTime.getAsLong());
    }

    /** One that lets the first through at once. */
    public static Throttle immediate(LongSupplier nanoTime) {
        return new Throttle(nanoTime, nanoTime.getAsLong() - PERIOD.toNanos());
    }

    /** Whether a period has passed since this last gave true. */
    public boolean passes() {
        long now = nanoTime.getAsLong();
        if (now - passed < PERIOD.toNanos()) {
            return false;
        }
        passed = now;
        return true;
    }
}
