package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.dockerfile.SourceRange;

/**
 * A text in lines. Lines end at {@code \n}; carriage returns at a line's end are no part of its content, others are. A
 * byte order mark before the first line is dropped.
 */
public final class SourceLines {
    private final String text;
    private final List<Integer> starts = new ArrayList<>();

    public SourceLines(String text) {
        this.text = text;
        int start = 0;
        while (start < text.length()) {
            starts.add(start);
            int newline = text.indexOf('\n', start);
            start = newline < 0 ? text.length() : newline + 1;
        }
    }

    public int count() {
        return starts.size();
    }

    /** The line as it is, line end included. @param number from 1 */
    public String raw(int number) {
        int end = number < starts.size() ? starts.get(number) : text.length();
        return text.substring(starts.get(number - 1), end);
    }

    /** The line without its end, and without a byte order mark. */
    String content(int number) {
        String raw = raw(number);
        int end = raw.length();
        while (end > 0 && (raw.charAt(end - 1) == '\n' || raw.charAt(end - 1) == '\r')) {
            end--;
        }
        return raw.substring(Math.min(byteOrderMark(number), end), end);
    }

    /** The column of the first character of {@link #content}. */
    int firstColumn(int number) {
        return 1 + byteOrderMark(number);
    }

    private int byteOrderMark(int number) {
        return number == 1 && text.startsWith("\uFEFF") ? 1 : 0;
    }

    /** From a column of line {@code first} to the end of the content of line {@code last}. */
    String slice(int first, int column, int last) {
        int start = starts.get(first - 1) + column - 1;
        int end = starts.get(last - 1) + firstColumn(last) - 1 + content(last).length();
        return text.substring(start, Math.max(start, end));
    }

    /** All of one line, for errors that have no better place; exists also where the text has no line. */
    public SourceRange whole(int number) {
        if (number < 1 || number > count()) {
            return new SourceRange(Math.max(1, number), 1, Math.max(1, number), 2);
        }
        int first = firstColumn(number);
        return new SourceRange(
                number, first, number, first + Math.max(1, content(number).length()));
    }
}
