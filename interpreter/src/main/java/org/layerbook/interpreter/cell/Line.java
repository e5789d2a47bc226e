package org.layerbook.interpreter.cell;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a cell.
 *
 * @param number from 1
 * @param raw as written, without its line end
 * @param end a carriage return before the line feed, which belongs to the text of heredocs
 * @param text without a pasted prompt
 * @param prompt what kind of prompt was taken off
 * @param output whether nothing can begin at it: the output of a tutorial's machine, or what was typed elsewhere
 */
record Line(int number, String raw, String end, String text, PastedPrompt.Kind prompt, boolean output) {
    static List<Line> of(String cell) {
        var lines = new ArrayList<Line>();
        for (String raw : cell.split("\n", -1)) {
            String end = raw.endsWith("\r") ? "\r" : "";
            String line = raw.substring(0, raw.length() - end.length());
            lines.add(new Line(lines.size() + 1, line, end, line, PastedPrompt.Kind.NONE, false));
        }
        return lines;
    }

    /** The line as one of a pasted terminal session. */
    Line without(PastedPrompt found, boolean isOutput) {
        return new Line(number, raw, end, raw.substring(found.length()), found.kind(), isOutput);
    }

    boolean isBlank() {
        return text.isBlank();
    }

    /** Columns that a prompt takes before the text. */
    int shift() {
        return raw.length() - text.length();
    }
}
