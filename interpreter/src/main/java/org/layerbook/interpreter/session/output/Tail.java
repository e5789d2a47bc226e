package org.layerbook.interpreter.session.output;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The last lines of an output, as they stand on a screen: a carriage return begins the line anew. Thread-safe. */
final class Tail {
    private static final int LONGEST_LINE = 2000;

    private final int most;
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final StringBuilder current = new StringBuilder();
    private boolean returned;

    Tail(int most) {
        this.most = most;
    }

    synchronized void add(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                end();
            } else if (c == '\r') {
                returned = true;
            } else {
                if (returned) {
                    current.setLength(0);
                    returned = false;
                }
                if (current.length() < LONGEST_LINE) {
                    current.append(c);
                }
            }
        }
    }

    private void end() {
        returned = false;
        lines.add(current.toString());
        current.setLength(0);
        if (lines.size() > most) {
            lines.poll();
        }
    }

    synchronized List<String> lines() {
        var all = new ArrayList<>(lines);
        if (!current.isEmpty()) {
            all.add(current.toString());
        }
        while (!all.isEmpty() && all.getLast().isBlank()) {
            all.removeLast();
        }
        return List.copyOf(all.subList(Math.max(0, all.size() - most), all.size()));
    }
}
