package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.layerbook.engine.builder.step.ThrottledProgress;

class MeterTest {
    private final List<String> told = new ArrayList<>();
    private long now;

    private ThrottledProgress meter(long total) {
        return new ThrottledProgress(
                (what, done, all) -> told.add(what + " " + done + "/" + all), "copying", total, () -> now);
    }

    @Test
    void whatIsQuickTellsNothing() {
        ThrottledProgress meter = meter(1 << 30);
        meter.add(1 << 29);
        meter.end();
        assertEquals(List.of(), told);
    }

    @Test
    void tenTimesASecondAndAtTheEnd() {
        ThrottledProgress meter = meter(10_000_000);
        for (int i = 0; i < 100; i++) {
            now += 10_000_000;
            meter.add(100_000);
        }
        meter.end();
        assertEquals("copying 1000000/10000000", told.getFirst());
        // All that was to come has come, but only the end says so.
        assertEquals(List.of("copying 9999999/10000000", "copying 10000000/10000000"), told.subList(9, 11));
        assertEquals(11, told.size());
    }

    @Test
    void withoutATotalTheEndIsWhatHasCome() {
        ThrottledProgress meter = meter(0);
        now += 200_000_000;
        meter.add(70_000);
        meter.add(5);
        meter.end();
        assertEquals(List.of("copying 70000/0", "copying 70005/70005"), told);
    }

    @Test
    void theClockIsSeldomLookedAt() {
        var looks = new int[1];
        var meter = new ThrottledProgress((what, done, all) -> {}, "", 0, () -> looks[0]++);
        for (int i = 0; i < 10_000; i++) {
            meter.add(10);
        }
        assertTrue(looks[0] < 200, looks[0] + " looks");
    }
}
