package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.golang.GoText;

/**
 * The lines of a source text around a place in it, ready to be shown: what stands there, which part is meant, and a note.
 * Views may draw it as they like; {@link #render} draws it as plain text.
 *
 * @param note what to say beside the mark
 */
public record Snippet(List<Line> lines, Optional<String> note) {
    /**
     * @param number from 1
     * @param text with nothing in it that would move a terminal's cursor, and at most {@value #WIDEST} characters
     * @param mark the part that is meant; absent for lines around it
     */
    public record Line(int number, String text, Optional<Mark> mark) {}

    /** @param start in the text of the line, from 0; {@code end} exclusive */
    public record Mark(int start, int end) {}

    private static final int WIDEST = 120;
    /** A long instruction is shown by its first lines. */
    private static final int MOST_LINES = 8;

    private static final int TAB = 4;

    /**
     * The lines of {@code range}, and up to {@code around} lines before and after it.
     *
     * @param text the text in which {@code range} lies
     */
    public static Snippet of(String text, SourceRange range, Optional<String> note, int around) {
        var source = new SourceLines(text);
        int last = Math.min(range.endLine(), range.startLine() + MOST_LINES - 1);
        List<Line> lines = new ArrayList<>();
        for (int number = Math.max(1, range.startLine() - around);
                number <= Math.min(source.count(), last + around);
                number++) {
            lines.add(line(source, number, range, number >= range.startLine() && number <= last));
        }
        return new Snippet(List.copyOf(lines), note);
    }

    /** The place of a diagnostic with its hint as the note. */
    public static Snippet of(String text, Diagnostic diagnostic, int around) {
        return of(text, diagnostic.range(), diagnostic.hint(), around);
    }

    private static Line line(SourceLines source, int number, SourceRange range, boolean marked) {
        String content = source.content(number);
        if (!marked) {
            return new Line(number, shown(content, 0), Optional.empty());
        }
        int first = source.firstColumn(number);
        int indent = GoText.skipSpaces(content, 0);
        int start = number == range.startLine() ? range.startColumn() - first : indent;
        int end = number == range.endLine() ? range.endColumn() - first : content.length();
        start = Math.clamp(start, 0, content.length());
        end = Math.clamp(end, start, content.length());
        int cut = end > WIDEST && start > WIDEST / 2 ? start - WIDEST / 2 : 0;
        int shownStart = width(content, cut, start) + (cut > 0 ? 1 : 0);
        int shownEnd = Math.max(shownStart + 1, Math.min(shownStart + width(content, start, end), WIDEST));
        return new Line(number, shown(content, cut), Optional.of(new Mark(shownStart, shownEnd)));
    }

    /** Tabs become spaces, other control characters a mark, and what is left out at either end an ellipsis. */
    private static String shown(String content, int cut) {
        var out = new StringBuilder(cut > 0 ? "…" : "");
        for (int at = cut; at < content.length(); at++) {
            char character = content.charAt(at);
            if (character == '\t') {
                out.repeat(' ', TAB);
            } else {
                out.append(Character.isISOControl(character) ? '\uFFFD' : character);
            }
        }
        return out.length() > WIDEST ? out.substring(0, WIDEST - 1) + "…" : out.toString();
    }

    private static int width(String content, int from, int to) {
        int tabs = (int) content.substring(from, to)
                .chars()
                .filter(character -> character == '\t')
                .count();
        return to - from + tabs * (TAB - 1);
    }

    /**
     * One line a line, each ended by a newline: its number, and where anything else is shown a {@code >} before those that
     * are meant; carets and the note below the first of them.
     */
    public String render() {
        int digits =
                lines.isEmpty() ? 1 : String.valueOf(lines.getLast().number()).length();
        boolean several = lines.size() > 1;
        boolean noted = false;
        var out = new StringBuilder();
        for (Line line : lines) {
            boolean meant = line.mark().isPresent();
            String number = " ".repeat(digits - String.valueOf(line.number()).length()) + line.number();
            out.append(several && meant ? "> " : "  ")
                    .append(number)
                    .append(" │ ")
                    .append(line.text());
            out.append('\n');
            if (meant && !noted) {
                Mark mark = line.mark().get();
                String margin = " ".repeat(digits + 2) + " │ ";
                out.append(margin).append(" ".repeat(columns(line.text(), 0, mark.start())));
                out.append("^".repeat(Math.max(1, columns(line.text(), mark.start(), mark.end()))));
                out.append(note.map(text -> " " + text).orElse("")).append('\n');
                noted = true;
            }
        }
        return out.toString();
    }

    /** How many columns of a terminal a part of a line takes: two for East Asian wide characters, none for marks. */
    private static int columns(String text, int from, int to) {
        int end = Math.clamp(to, 0, text.length());
        int start = Math.clamp(from, 0, end);
        int beyond = Math.max(0, to - Math.max(from, text.length()));
        return beyond
                + text.substring(start, end).codePoints().map(Snippet::columns).sum();
    }

    private static int columns(int character) {
        int type = Character.getType(character);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        boolean wide = character >= 0x1100
                && (character <= 0x115F
                        || (character >= 0x2E80 && character <= 0xA4CF)
                        || (character >= 0xAC00 && character <= 0xD7A3)
                        || (character >= 0xF900 && character <= 0xFAFF)
                        || (character >= 0xFE30 && character <= 0xFE6F)
                        || (character >= 0xFF00 && character <= 0xFF60)
                        || (character >= 0x1F300 && character <= 0x1FAFF)
                        || (character >= 0x20000 && character <= 0x3FFFD));
        return wide ? 2 : 1;
    }
}
