package org.layerbook.kernel.wire;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;

/**
 * The signatures of the messages that have come, as far as memory should be spent on them: who reads along can send a
 * message a second time without the key. For use by one thread.
 */
public final class Replays {
    /** As many as Jupyter's own sessions remember. */
    static final int REMEMBERED = 1 << 16;

    /** The first 128 bits of a signature, which no two messages have in common. */
    private record Mark(long first, long second) {}

    private final int remembered;
    private final LinkedHashSet<Mark> marks = new LinkedHashSet<>();

    public Replays() {
        this(REMEMBERED);
    }

    public Replays(int remembered) {
        this.remembered = remembered;
    }

    /** @param signature in hexadecimal digits, at least 32 of them */
    public boolean isNew(byte[] signature) {
        var mark = new Mark(number(signature, 0), number(signature, 16));
        if (!marks.add(mark)) {
            return false;
        }
        if (marks.size() > remembered) {
            marks.removeFirst();
        }
        return true;
    }

    private static long number(byte[] digits, int from) {
        return Long.parseUnsignedLong(new String(digits, from, 16, StandardCharsets.US_ASCII), 16);
    }
}
