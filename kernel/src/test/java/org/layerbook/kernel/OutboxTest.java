package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.dflib.jjava.jupyter.messages.publish.PublishStream;
import org.dflib.jjava.jupyter.messages.publish.PublishStream.StreamType;
import org.junit.jupiter.api.Test;
import org.layerbook.kernel.wire.Channel;
import org.layerbook.kernel.wire.Outbox;
import org.layerbook.kernel.wire.Outgoing;

class OutboxTest {
    private final AtomicLong now = new AtomicLong(1_000_000_000);
    private final Outbox outbox = new Outbox(now::get);
    private final Object cell = new Object();

    private static Outgoing message(String type) {
        return new Outgoing(Channel.IOPUB, List.of(), "id", type, Optional.empty(), new JsonObject(), new JsonObject());
    }

    private void print(Object owner, StreamType stream, String text) {
        outbox.stream(owner, stream, text, OutboxTest::rendered);
    }

    private static Outgoing rendered(PublishStream content) {
        return message(content.getStreamType() + ":" + content.getText());
    }

    private List<String> due() {
        var taken = new ArrayList<String>();
        outbox.takeDue(message -> taken.add(message.type()));
        return taken;
    }

    private void pass(long millis) {
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    @Test
    void theFirstTextAfterAPauseGoesAtOnce() {
        print(cell, StreamType.OUT, "a");
        assertEquals(0, outbox.nanosUntilDue());
        assertEquals(List.of("OUT:a"), due());
        assertEquals(Long.MAX_VALUE, outbox.nanosUntilDue());
    }

    @Test
    void textsThatFollowSoonAreOneMessage() {
        print(cell, StreamType.OUT, "a");
        due();
        pass(1);
        print(cell, StreamType.OUT, "b");
        pass(2);
        print(cell, StreamType.OUT, "c");
        assertEquals(List.of(), due());
        assertEquals(TimeUnit.MILLISECONDS.toNanos(2), outbox.nanosUntilDue());
        pass(2);
        assertEquals(List.of("OUT:bc"), due());
    }

    @Test
    void streamsAndCellsAreNeverMixedOrReordered() {
        print(cell, StreamType.OUT, "a");
        print(cell, StreamType.ERR, "b");
        print(cell, StreamType.OUT, "c");
        print(new Object(), StreamType.OUT, "d");
        assertEquals(List.of("OUT:a", "ERR:b", "OUT:c", "OUT:d"), due());
    }

    @Test
    void anyOtherMessageTakesTheTextsBeforeItAlong() {
        print(cell, StreamType.OUT, "a");
        due();
        print(cell, StreamType.OUT, "b");
        assertEquals(List.of(), due());
        outbox.send(message("reply"));
        print(cell, StreamType.OUT, "c");
        assertEquals(List.of("OUT:b", "reply", "OUT:c"), due());
    }

    @Test
    void aLongTextDoesNotWait() {
        print(cell, StreamType.OUT, "a");
        due();
        print(cell, StreamType.OUT, "b".repeat(Outbox.MESSAGE_CHARS));
        print(cell, StreamType.OUT, "c");
        assertEquals(0, outbox.nanosUntilDue());
        assertEquals(List.of("OUT:" + "b".repeat(Outbox.MESSAGE_CHARS), "OUT:c"), due());
    }

    @Test
    void aDisplayIsUpdatedTenTimesASecondAtMost() {
        outbox.show("d", message("shown"));
        var seen = new ArrayList<String>();
        for (int millis = 0; millis < 1000; millis++) {
            outbox.update("d", message("update " + millis));
            seen.addAll(due());
            pass(1);
        }
        assertEquals(
                List.of(
                        "shown",
                        "update 100",
                        "update 200",
                        "update 300",
                        "update 400",
                        "update 500",
                        "update 600",
                        "update 700",
                        "update 800",
                        "update 900"),
                seen);
    }

    @Test
    void theNewestUpdateComesWhenItsTimeHasCome() {
        outbox.show("d", message("shown"));
        outbox.update("d", message("1"));
        outbox.update("d", message("2"));
        assertEquals(List.of("shown"), due());
        assertEquals(Outbox.UPDATE_NANOS, outbox.nanosUntilDue());
        pass(100);
        assertEquals(List.of("2"), due());
        assertEquals(Long.MAX_VALUE, outbox.nanosUntilDue());
    }

    @Test
    void theLastStateIsToldWhenTheCellEnds() {
        outbox.show("d", message("shown"));
        outbox.update("d", message("1"));
        outbox.settle(List.of("d", "unknown"));
        outbox.send(message("reply"));
        assertEquals(List.of("shown", "1", "reply"), due());
        pass(200);
        assertEquals(List.of(), due());
    }

    @Test
    void aLateUpdateOfASettledDisplayStillComes() {
        outbox.show("d", message("shown"));
        outbox.settle(List.of("d"));
        outbox.update("d", message("late"));
        assertEquals(List.of("shown", "late"), due());
    }

    @Test
    void whoWritesFasterThanItIsTakenWaits() throws InterruptedException {
        print(cell, StreamType.OUT, "a".repeat(Outbox.WAITING_CHARS));
        var done = new CountDownLatch(1);
        Thread writer = Thread.ofPlatform().start(() -> {
            print(cell, StreamType.OUT, "b");
            done.countDown();
        });
        while (writer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertFalse(done.await(0, TimeUnit.SECONDS));
        due();
        assertTrue(done.await(20, TimeUnit.SECONDS));
        pass(10);
        assertEquals(List.of("OUT:b"), due());
    }

    @Test
    void nobodyWaitsForAClosedOutbox() throws InterruptedException {
        print(cell, StreamType.OUT, "a".repeat(Outbox.WAITING_CHARS));
        Thread writer = Thread.ofPlatform().start(() -> print(cell, StreamType.OUT, "b"));
        while (writer.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        outbox.close();
        writer.join();
        outbox.send(message("too late"));
        assertEquals(1, due().size());
    }
}
