package org.layerbook.interpreter.command.container.attach;

import java.util.concurrent.TimeUnit;

/** Notices when a process has stopped printing, which one that waits for input does. Thread-safe. */
final class Quiet {
    private static final long FIRST_WORD_MS = 2_000;

    private final boolean speaksFirst;
    private boolean begun;
    private boolean spoken;
    private boolean ended;
    private long last;

    /** @param speaksFirst whether the process is expected to print something before it waits, as a shell on a terminal does */
    Quiet(boolean speaksFirst) {
        this.speaksFirst = speaksFirst;
    }

    /** The process runs from now on. */
    synchronized void begin() {
        begun = true;
        last = System.nanoTime();
        notifyAll();
    }

    /** Something was printed, or typed. */
    synchronized void broken() {
        last = System.nanoTime();
        if (!spoken) {
            spoken = true;
            notifyAll();
        }
    }

    /** There is nothing to wait for any more. */
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /** Waits until nothing has happened for so long. @return whether it has not ended meanwhile */
    synchronized boolean await(long millis) {
        try {
            while (!begun && !ended) {
                wait();
            }
            long left = remaining(millis);
            while (left > 0 && !ended) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
                left = remaining(millis);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !ended;
    }

    private long remaining(long millis) {
        long patience = speaksFirst && !spoken ? Math.max(millis, FIRST_WORD_MS) : millis;
        return last + TimeUnit.MILLISECONDS.toNanos(patience) - System.nanoTime();
    }
}
