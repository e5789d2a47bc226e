package org.layerbook.kernel.wire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.dflib.jjava.jupyter.messages.publish.PublishStream;
import org.dflib.jjava.jupyter.messages.publish.PublishStream.StreamType;

/**
 * Messages on their way to the front-ends, from any thread, taken by the one thread that owns the sockets. Nothing
 * overtakes anything, with one exception that cannot be seen: an update of a display comes no sooner than
 * {@link #UPDATE_NANOS} after the one before, and only the newest is sent.
 *
 * <p>Texts of one stream that follow each other within {@link #MERGE_NANOS} become one message; the first after a pause
 * goes at once, and any other message takes the texts before it along.
 */
public final class Outbox {
    static final long MERGE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    public static final long UPDATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** How long a merged text may become, in UTF-16 units. */
    public static final int MESSAGE_CHARS = 1 << 18;
    /** With so much text waiting, who writes more waits too, and with it the process whose output it is. */
    public static final int WAITING_CHARS = 1 << 22;

    /** Makes the message for a merged text. */
    public interface StreamMaker {
        Outgoing make(PublishStream content);
    }

    private interface Item {
        Outgoing message();
    }

    private record Whole(Outgoing message) implements Item {}

    private record Text(Object owner, StreamType type, StringBuilder text, StreamMaker maker) implements Item {
        @Override
        public Outgoing message() {
            return maker.make(new PublishStream(type, text.toString()));
        }
    }

    private static final class Shown {
        private long lastSent;
        private Outgoing waiting;

        private Shown(long lastSent) {
            this.lastSent = lastSent;
        }
    }

    private final LongSupplier clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final ArrayDeque<Item> items = new ArrayDeque<>();
    private final Map<String, Shown> displays = new HashMap<>();
    private Runnable wake = () -> {};
    private int waitingChars;
    private long lastTaken;
    /** Until when the texts in the queue may wait for more; in the past when something else is in it. */
    private long holdUntil;

    private boolean closed;

    /** @param clock as {@link System#nanoTime()} */
    public Outbox(LongSupplier clock) {
        this.clock = clock;
        this.lastTaken = clock.getAsLong() - MERGE_NANOS;
        this.holdUntil = lastTaken;
    }

    /** @param wake run, on the thread that adds, whenever the taker has to look again */
    public void onChange(Runnable wake) {
        this.wake = wake;
    }

    /** Adds all at once, so that one wake-up of the taker serves them. */
    public void send(Outgoing... messages) {
        lock.lock();
        try {
            for (Outgoing message : messages) {
                add(message);
            }
        } finally {
            lock.unlock();
        }
        wake.run();
    }

    private void add(Outgoing message) {
        if (!closed) {
            items.add(new Whole(message));
            holdUntil = clock.getAsLong();
        }
    }

    /**
     * Adds a text of a stream, joined to the text before it where that is of the same owner and stream. Blocks while
     * {@link #WAITING_CHARS} are waiting, until the thread is interrupted.
     */
    public void stream(Object owner, StreamType type, String text, StreamMaker maker) {
        lock.lock();
        try {
            while (waitingChars >= WAITING_CHARS && !closed) {
                room.await();
            }
            if (closed) {
                return;
            }
            waitingChars += text.length();
            if (items.isEmpty()) {
                holdUntil = Math.max(clock.getAsLong(), lastTaken + MERGE_NANOS);
            }
            if (items.peekLast() instanceof Text last
                    && last.owner() == owner
                    && last.type() == type
                    && last.text().length() + text.length() <= MESSAGE_CHARS) {
                last.text().append(text);
                return;
            }
            items.add(new Text(owner, type, new StringBuilder(text), maker));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        wake.run();
    }

    /** Notes that a display was shown now, so that its updates keep their distance; {@code message} is what shows it. */
    public void show(String displayId, Outgoing message) {
        lock.lock();
        try {
            displays.put(displayId, new Shown(clock.getAsLong()));
            add(message);
        } finally {
            lock.unlock();
        }
        wake.run();
    }

    public void update(String displayId, Outgoing message) {
        lock.lock();
        try {
            Shown shown = displays.computeIfAbsent(displayId, id -> new Shown(clock.getAsLong() - UPDATE_NANOS));
            if (clock.getAsLong() - shown.lastSent >= UPDATE_NANOS) {
                sendUpdate(shown, message);
            } else {
                shown.waiting = message;
            }
        } finally {
            lock.unlock();
        }
        wake.run();
    }

    private void sendUpdate(Shown shown, Outgoing message) {
        shown.lastSent = clock.getAsLong();
        shown.waiting = null;
        add(message);
    }

    /** Sends what still waits for these displays, for a cell that ends: its last state has to be seen. */
    public void settle(List<String> displayIds) {
        lock.lock();
        try {
            for (String id : displayIds) {
                Shown shown = displays.remove(id);
                if (shown != null && shown.waiting != null) {
                    sendUpdate(shown, shown.waiting);
                }
            }
        } finally {
            lock.unlock();
        }
        wake.run();
    }

    /** Gives every message that is due to {@code taker}, in order, and returns how many there were. */
    public int takeDue(Consumer<Outgoing> taker) {
        List<Item> due = new ArrayList<>();
        lock.lock();
        try {
            long now = clock.getAsLong();
            if (!displays.isEmpty()) {
                sendUpdatesDue(now);
            }
            if (items.isEmpty() || (now - holdUntil < 0 && waitingChars < MESSAGE_CHARS)) {
                return 0;
            }
            due.addAll(items);
            items.clear();
            waitingChars = 0;
            lastTaken = now;
            room.signalAll();
        } finally {
            lock.unlock();
        }
        due.forEach(item -> taker.accept(item.message()));
        return due.size();
    }

    private void sendUpdatesDue(long now) {
        for (Shown shown : displays.values()) {
            if (shown.waiting != null && now - shown.lastSent >= UPDATE_NANOS) {
                sendUpdate(shown, shown.waiting);
            }
        }
        displays.values().removeIf(shown -> shown.waiting == null && now - shown.lastSent >= UPDATE_NANOS);
    }

    /** How long nothing will be due, in nanoseconds: 0 when something is, {@link Long#MAX_VALUE} when nothing waits. */
    public long nanosUntilDue() {
        lock.lock();
        try {
            long now = clock.getAsLong();
            long soonest = Long.MAX_VALUE;
            if (!items.isEmpty()) {
                soonest = waitingChars >= MESSAGE_CHARS ? 0 : Math.max(0, holdUntil - now);
            }
            for (Shown shown : displays.values()) {
                if (shown.waiting != null) {
                    soonest = Math.min(soonest, Math.max(0, shown.lastSent + UPDATE_NANOS - now));
                }
            }
            return soonest;
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; who waits for room goes on. */
    public void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
