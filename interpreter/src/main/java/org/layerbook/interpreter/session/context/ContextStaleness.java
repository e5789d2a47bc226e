package org.layerbook.interpreter.session.context;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.layerbook.engine.builder.step.StepRecord;

/**
 * Which steps' files have changed since. It is asked after every cell, and answering takes a look at every file that was
 * copied: with many of them the answer is worked out beside the session, the cell waits for it a moment only, and it is
 * not asked again before ten times as long. Until it is there, the one before counts. One answer that took long may have
 * had a busy machine to thank for it; it takes two in a row. Thread-safe.
 */
public final class ContextStaleness {
    /** How long an answer may take where nothing is known of it, and where the last one took long. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

    private static final long LITTLE_PATIENCE = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONG = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int REST = 10;

    private final LongSupplier clock;
    private FutureTask<Set<StepRecord>> asked = new FutureTask<>(Set::of);
    private Set<StepRecord> known = Set.of();
    /** Of the quicker of the last two answers. */
    private long cost;

    private long lastTook;
    private long answeredAt;

    public ContextStaleness() {
        this(System::nanoTime);
    }

    /** @param clock as {@link System#nanoTime()} */
    ContextStaleness(LongSupplier clock) {
        this.clock = clock;
        this.answeredAt = clock.getAsLong();
        asked.run();
    }

    /** @param isOutOfDate may fail when the session has ended meanwhile */
    public Set<StepRecord> outdated(List<StepRecord> steps, Predicate<StepRecord> isOutOfDate) {
        if (steps.isEmpty()) {
            return Set.of();
        }
        FutureTask<Set<StepRecord>> task;
        long patience;
        synchronized (this) {
            boolean rests = cost >= LONG && clock.getAsLong() - answeredAt < REST * cost;
            if (asked.isDone() && !rests) {
                asked = new FutureTask<>(() -> answer(steps, isOutOfDate));
                Thread.ofPlatform().daemon().name("freshness").start(asked);
            }
            task = asked;
            patience = cost >= LONG ? LITTLE_PATIENCE : PATIENCE;
        }
        try {
            task.get(patience, TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // What was known before counts.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            return known;
        }
    }

    private Set<StepRecord> answer(List<StepRecord> steps, Predicate<StepRecord> isOutOfDate) {
        long begun = clock.getAsLong();
        Set<StepRecord> outdated = Collections.newSetFromMap(new IdentityHashMap<>());
        steps.stream().filter(isOutOfDate).forEach(outdated::add);
        synchronized (this) {
            answeredAt = clock.getAsLong();
            long took = answeredAt - begun;
            cost = Math.min(took, lastTook);
            lastTook = took;
            known = outdated;
        }
        return outdated;
    }
}
