package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.layerbook.kernel.wire.Backlog;

class BacklogTest {
    private final AtomicLong clock = new AtomicLong();
    private final Backlog backlog = new Backlog(100, clock::get);
    private final List<String> disconnected = new ArrayList<>();
    private final Backlog.Reader slow = () -> disconnected.add("slow");
    private final Backlog.Reader quick = () -> disconnected.add("quick");

    private void pass(long part) {
        clock.addAndGet(Backlog.PATIENCE * part / 10);
    }

    @Test
    void thereIsRoomWhileNobodyIsFarBehind() {
        backlog.published(1000);
        assertTrue(backlog.hasRoom());
        backlog.waits(slow);
        backlog.published(100);
        assertTrue(backlog.hasRoom());
        backlog.published(1);
        assertFalse(backlog.hasRoom());
        backlog.read(slow, 1);
        assertTrue(backlog.hasRoom());
    }

    @Test
    void whoReadsSlowlyIsWaitedFor() {
        backlog.waits(slow);
        backlog.published(1000);
        for (int i = 0; i < 90; i++) {
            assertFalse(backlog.hasRoom());
            pass(9);
            backlog.read(slow, 10);
        }
        assertTrue(backlog.hasRoom());
        assertEquals(List.of(), disconnected);
    }

    @Test
    void whoReadsNothingIsDisconnectedAndNobodyElse() {
        backlog.waits(slow);
        backlog.published(50);
        backlog.waits(quick);
        backlog.published(500);
        assertFalse(backlog.hasRoom());
        pass(11);
        assertFalse(backlog.hasRoom());
        assertEquals(List.of("slow"), disconnected);
        backlog.caughtUp(quick);
        assertTrue(backlog.hasRoom());
    }
}
