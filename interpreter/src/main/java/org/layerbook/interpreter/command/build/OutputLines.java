package org.layerbook.interpreter.command.build;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process writes, cut into lines. A carriage return goes back to the line's begin, as in a terminal, so that a
 * progress bar is one line. Confined to one thread.
 */
public final class OutputLines {
    private static final int MOST_KEPT = 200;
    private static final int LONGEST = 4_000;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ArrayDeque<String> kept = new ArrayDeque<>();
    private final StringBuilder open = new StringBuilder();
    private ByteBuffer undecoded = ByteBuffer.allocate(0);
    private boolean returned;
    private long count;

    /** The lines that these bytes complete. */
    public List<String> add(byte[] bytes) {
        var all = ByteBuffer.allocate(undecoded.remaining() + bytes.length);
        all.put(undecoded).put(bytes).flip();
        var text = CharBuffer.allocate(all.remaining() + 1);
        decoder.decode(all, text, false);
        undecoded = ByteBuffer.wrap(remaining(all));
        text.flip();
        var completed = new ArrayList<String>();
        while (text.hasRemaining()) {
            add(text.get(), completed);
        }
        return completed;
    }

    private static byte[] remaining(ByteBuffer buffer) {
        byte[] rest = new byte[buffer.remaining()];
        buffer.get(rest);
        return rest;
    }

    private void add(char c, List<String> completed) {
        if (c == '\n') {
            completed.add(close());
            return;
        }
        if (returned) {
            open.setLength(0);
            returned = false;
        }
        if (c == '\r') {
            returned = true;
        } else if (open.length() < LONGEST) {
            open.append(c);
        }
    }

    /** The line that was not ended, if there is one. */
    public List<String> end() {
        return open.isEmpty() ? List.of() : List.of(close());
    }

    private String close() {
        String line = open.toString();
        open.setLength(0);
        returned = false;
        count++;
        kept.add(line);
        if (kept.size() > MOST_KEPT) {
            kept.removeFirst();
        }
        return line;
    }

    /** The last lines, the one that is not ended included. */
    public List<String> last(int most) {
        var lines = new ArrayList<>(kept);
        if (!open.isEmpty()) {
            lines.add(open.toString());
        }
        return List.copyOf(lines.subList(Math.max(0, lines.size() - most), lines.size()));
    }

    /** The end of it, as much as is kept. */
    List<String> kept() {
        return List.copyOf(kept);
    }

    /** How many lines there were. */
    long count() {
        return count;
    }
}
