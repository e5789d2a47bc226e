package org.layerbook.interpreter.view.layout;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Text as a terminal and a table need it: harmless, measured, cut. */
public final class SafeText {
    private SafeText() {}

    /**
     * {@code text} on one line and without effect on a terminal: line ends and tabs become blanks, other control
     * characters and the ones that turn the writing direction a replacement character.
     */
    public static String clean(String text) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char safe = c == '\n' || c == '\t' || c == '\r' ? ' ' : isUnsafe(c) ? '\uFFFD' : c;
            if (safe != c && out == null) {
                out = new StringBuilder(text.length()).append(text, 0, i);
            }
            if (out != null) {
                out.append(safe);
            }
        }
        return out == null ? text : out.toString();
    }

    /** As {@link #clean}, but tabs stay: for lines that are no cells of a table. */
    public static String harmless(String text) {
        return text.lines()
                .map(line ->
                        Arrays.stream(line.split("\t", -1)).map(SafeText::clean).collect(Collectors.joining("\t")))
                .collect(Collectors.joining(" "));
    }

    private static boolean isUnsafe(char c) {
        return c < 0x20
                || c == 0x7f
                || (c >= 0x80 && c < 0xa0)
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }

    /** Columns that {@code text} takes in a terminal. */
    public static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            width += pointWidth(point);
        }
        return width;
    }

    private static int pointWidth(int point) {
        if (point < 0x300) {
            return 1;
        }
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        return isWide(point) ? 2 : 1;
    }

    /** The blocks that Unicode's EastAsianWidth calls W or F, coarsely. */
    private static boolean isWide(int point) {
        return (point >= 0x1100 && point <= 0x115f)
                || (point >= 0x2e80 && point <= 0xa4cf && point != 0x303f)
                || (point >= 0xac00 && point <= 0xd7a3)
                || (point >= 0xf900 && point <= 0xfaff)
                || (point >= 0xfe30 && point <= 0xfe6f)
                || (point >= 0xff00 && point <= 0xff60)
                || (point >= 0xffe0 && point <= 0xffe6)
                || (point >= 0x1f300 && point <= 0x1f64f)
                || (point >= 0x1f900 && point <= 0x1f9ff)
                || (point >= 0x20000 && point <= 0x3fffd);
    }

    /** {@code text} in at most {@code columns} columns, an ellipsis for what was cut. */
    public static String abbreviate(String text, int columns) {
        if (text.length() * 2 <= columns || width(text) <= columns) {
            return text;
        }
        int used = 0;
        int i = 0;
        while (i < text.length()) {
            int point = text.codePointAt(i);
            int w = pointWidth(point);
            if (used + w > columns - 1) {
                break;
            }
            used += w;
            i += Character.charCount(point);
        }
        return text.substring(0, i) + "…";
    }

    /** The same with blanks for {@code columns}. */
    public static String padRight(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }

    public static String padLeft(String text, int columns) {
        return " ".repeat(Math.max(0, columns - width(text))) + text;
    }
}
