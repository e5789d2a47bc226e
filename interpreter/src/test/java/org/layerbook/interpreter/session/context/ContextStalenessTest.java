package org.layerbook.interpreter.session.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.oci.ContainerConfig;
import org.layerbook.interpreter.testing.Samples;

@Timeout(30)
class ContextStalenessTest {
    private static final StepRecord STEP =
            Samples.metadata(Samples.copy("a", "b"), false, Samples.image("i", ContainerConfig.EMPTY, 1));

    private final AtomicLong now = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private final ContextStaleness staleness = new ContextStaleness(now::get);

    private Set<StepRecord> outdated(long seconds) {
        return staleness.outdated(List.of(STEP), step -> {
            now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
            return asked.incrementAndGet() > 1;
        });
    }

    @Test
    void aQuickAnswerIsAskedForEachTime() {
        assertEquals(Set.of(), outdated(0));
        assertTrue(outdated(0).contains(STEP));
        assertTrue(outdated(0).contains(STEP));
        assertEquals(3, asked.get());
    }

    @Test
    void oneSlowAnswerChangesNothing() {
        outdated(1);
        outdated(0);
        outdated(1);
        outdated(0);
        assertEquals(4, asked.get());
    }

    @Test
    void aCostlyAnswerIsNotAskedForAgainBeforeTenTimesAsLong() {
        outdated(1);
        outdated(1);
        outdated(1);
        assertEquals(2, asked.get());
        now.addAndGet(TimeUnit.SECONDS.toNanos(10));
        outdated(1);
        assertEquals(3, asked.get());
    }

    @Test
    void nobodyWaitsLongForACostlyAnswer() throws InterruptedException {
        Set<StepRecord> known = Set.of();
        for (int i = 0; i < 2; i++) {
            known = outdated(1);
        }
        now.addAndGet(TimeUnit.SECONDS.toNanos(10));
        var goOn = new CountDownLatch(1);
        var answered = new CountDownLatch(1);
        Set<StepRecord> before = staleness.outdated(List.of(STEP), step -> {
            await(goOn);
            now.addAndGet(TimeUnit.SECONDS.toNanos(1));
            answered.countDown();
            return true;
        });
        assertEquals(known, before); // it came back although no answer is there
        goOn.countDown();
        answered.await();
    }

    @Test
    void nothingIsAskedWhereNothingWasCopied() {
        assertEquals(Set.of(), staleness.outdated(List.of(), step -> {
            throw new AssertionError("asked");
        }));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
