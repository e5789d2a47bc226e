package org.layerbook.interpreter.output;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process writes, cut into lines as they stand on a screen: a carriage return begins the line anew, so that a
 * progress bar is one line. Keeps the last ones. Thread-safe.
 */
public final class OutputLines {
    private static final int LONGEST = 4_000;

    private final int most;
    private final TextSink decoder = new TextSink(this::take);
    private final ArrayDeque<String> kept = new ArrayDeque<>();
    private final List<String> completed = new ArrayList<>();
    private final StringBuilder open = new StringBuilder();
    private boolean returned;
    private long count;

    /** @param most lines that are kept */
    public OutputLines(int most) {
        this.most = most;
    }

    /** The lines that these bytes complete. */
    public synchronized List<String> add(byte[] bytes) {
        decoder.write(bytes, 0, bytes.length);
        return taken();
    }

    /** The lines that this text completes. */
    public synchronized List<String> add(String text) {
        take(text);
        return taken();
    }

    /** The line that was not ended, if there is one. */
    public synchronized List<String> end() {
        decoder.close();
        if (!open.isEmpty()) {
            close();
        }
        return taken();
    }

    private List<String> taken() {
        List<String> lines = List.copyOf(completed);
        completed.clear();
        return lines;
    }

    private void take(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                close();
            } else if (c == '\r') {
                returned = true;
            } else {
                if (returned) {
                    open.setLength(0);
                    returned = false;
                }
                if (open.length() < LONGEST) {
                    open.append(c);
                }
            }
        }
    }

    private void close() {
        String line = open.toString();
        open.setLength(0);
        returned = false;
        count++;
        completed.add(line);
        kept.add(line);
        if (kept.size() > most) {
            kept.removeFirst();
        }
    }

    /** The last lines, the one that is not ended included; without empty ones at the end. */
    public synchronized List<String> last(int number) {
        var lines = new ArrayList<>(kept);
        if (!open.isEmpty()) {
            lines.add(open.toString());
        }
        while (!lines.isEmpty() && lines.getLast().isBlank()) {
            lines.removeLast();
        }
        return List.copyOf(lines.subList(Math.max(0, lines.size() - number), lines.size()));
    }

    /** The end of it, as much as is kept. */
    public synchronized List<String> kept() {
        return List.copyOf(kept);
    }

    /** How many lines were ended. */
    public synchronized long count() {
        return count;
    }
}
