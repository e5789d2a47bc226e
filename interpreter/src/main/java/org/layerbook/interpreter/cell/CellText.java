package org.layerbook.interpreter.cell;

import java.util.List;
import java.util.stream.Collectors;
import org.layerbook.engine.dockerfile.SourceRange;

/** The lines of a cell as texts, and places in them as places in the cell. Lines count from 0 here. */
record CellText(List<Line> lines, List<String> texts) {
    static CellText of(List<Line> lines) {
        return new CellText(List.copyOf(lines), lines.stream().map(Line::text).toList());
    }

    int size() {
        return lines.size();
    }

    Line line(int at) {
        return lines.get(at);
    }

    String text(int at) {
        return texts.get(at);
    }

    /** @param end exclusive */
    String text(int from, int end) {
        return String.join("\n", texts.subList(from, end));
    }

    /** All from a line on, with carriage returns at the ends of lines: they belong to the text of heredocs. */
    String written(int from) {
        return lines.stream().skip(from).map(line -> line.text() + line.end()).collect(Collectors.joining("\n"));
    }

    SourceRange range(int from, int end) {
        Line first = lines.get(from);
        Line last = lines.get(end - 1);
        int column = first.shift() + indent(first.text()) + 1;
        return new SourceRange(first.number(), column, last.number(), last.raw().length() + 1);
    }

    SourceRange firstWord(int at) {
        String text = texts.get(at);
        int start = indent(text);
        int end = start;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return place(at, text, start, end - start);
    }

    /** A part of the text that begins at line {@code at}, as a place in the cell. */
    SourceRange place(int at, String text, int offset, int length) {
        int from = Math.clamp(offset, 0, text.length());
        int line = at
                + (int) text.substring(0, from).chars().filter(c -> c == '\n').count();
        int column =
                from - (text.lastIndexOf('\n', from - 1) + 1) + lines.get(line).shift() + 1;
        return new SourceRange(line + 1, column, line + 1, column + length);
    }

    private static int indent(String text) {
        return text.length() - text.stripLeading().length();
    }
}
