package org.layerbook.repl;

import java.util.regex.Pattern;
import org.jline.utils.WCWidth;

/** How much of a screen a text takes. */
final class ScreenText {
    /** Colours, cursor movements, titles and links, as processes print them. */
    private static final Pattern CONTROL =
            Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)|[ -/]*[0-~])");

    private static final int TAB = 8;

    private ScreenText() {}

    /** Rows that one line (without its newline) takes on a screen that wraps at {@code columns}; at least one. */
    static int rows(String line, int columns) {
        return Math.max(1, (width(line) + columns - 1) / columns);
    }

    /** Columns of what stands on the line in the end: after a carriage return it is written over. */
    static int width(String line) {
        String plain = CONTROL.matcher(line).replaceAll("");
        int widest = 0;
        int at = 0;
        for (int i = 0; i < plain.length(); i += Character.charCount(plain.codePointAt(i))) {
            int c = plain.codePointAt(i);
            at = switch (c) {
                case '\r' -> 0;
                case '\b' -> Math.max(0, at - 1);
                case '\t' -> at + TAB - at % TAB;
                default -> at + Math.max(0, WCWidth.wcwidth(c));
            };
            widest = Math.max(widest, at);
        }
        return widest;
    }
}
