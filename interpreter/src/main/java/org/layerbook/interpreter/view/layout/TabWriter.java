package org.layerbook.interpreter.view.layout;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Aligns columns as Go's text/tabwriter does: a cell ends with a tab, a column is a run of lines that have that cell, and
 * is as wide as its widest cell plus padding, counted in a terminal's columns as docker's own writer counts. What follows the last tab of a line belongs to no column.
 */
public final class TabWriter {
    private final int minimum;
    private final int padding;
    private final List<List<String>> lines;
    private final StringBuilder out = new StringBuilder();

    private TabWriter(int minimum, int padding, List<List<String>> lines) {
        this.minimum = minimum;
        this.padding = padding;
        this.lines = lines;
    }

    /** With docker's settings for tables: columns of 10 at least, 3 blanks between them. */
    public static String table(String text) {
        return align(text, 10, 3);
    }

    public static String align(String text, int minimum, int padding) {
        boolean ended = text.endsWith("\n");
        String body = ended ? text.substring(0, text.length() - 1) : text;
        List<List<String>> lines = Arrays.stream(body.split("\n", -1))
                .map(line -> List.of(line.split("\t", -1)))
                .toList();
        var writer = new TabWriter(minimum, padding, lines);
        writer.block(0, lines.size(), new ArrayList<>());
        String aligned = writer.out.toString();
        return ended ? aligned : aligned.substring(0, aligned.length() - 1);
    }

    /** Lines {@code from} to {@code to} with the columns so far settled. */
    private void block(int from, int to, List<Integer> widths) {
        int column = widths.size();
        int line = from;
        while (line < to) {
            if (!hasColumn(line, column)) {
                write(lines.get(line++), widths);
                continue;
            }
            int end = line;
            int width = minimum;
            while (end < to && hasColumn(end, column)) {
                width = Math.max(width, length(lines.get(end).get(column)) + padding);
                end++;
            }
            widths.add(width);
            block(line, end, widths);
            widths.removeLast();
            line = end;
        }
    }

    private boolean hasColumn(int line, int column) {
        return column < lines.get(line).size() - 1;
    }

    private static int length(String cell) {
        return SafeText.width(cell);
    }

    private void write(List<String> cells, List<Integer> widths) {
        for (int i = 0; i < cells.size(); i++) {
            out.append(cells.get(i));
            if (i < widths.size()) {
                out.append(" ".repeat(Math.max(0, widths.get(i) - length(cells.get(i)))));
            }
        }
        out.append('\n');
    }
}
