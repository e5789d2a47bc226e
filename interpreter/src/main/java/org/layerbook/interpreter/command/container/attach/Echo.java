package org.layerbook.interpreter.command.container.attach;

/** Takes what a terminal echoes of the user's lines out of its output: the front-end has shown them already. Thread-safe. */
final class Echo {
    private final StringBuilder expected = new StringBuilder();
    private final StringBuilder swallowed = new StringBuilder();

    /** A line on its way to the terminal. */
    synchronized void expect(String line) {
        expected.setLength(0);
        swallowed.setLength(0);
        expected.append(line).append('\n');
    }

    /** @param text cleaned of control sequences */
    synchronized String without(String text) {
        int i = 0;
        while (i < text.length() && !expected.isEmpty()) {
            char c = text.charAt(i++);
            if (c == expected.charAt(0)) {
                expected.deleteCharAt(0);
                swallowed.append(c);
            } else if (c != '\r') {
                // No echo, or not of this line.
                String all = swallowed.toString() + text.substring(i - 1);
                expected.setLength(0);
                swallowed.setLength(0);
                return all;
            }
        }
        if (expected.isEmpty()) {
            swallowed.setLength(0);
        }
        return text.substring(i);
    }
}
