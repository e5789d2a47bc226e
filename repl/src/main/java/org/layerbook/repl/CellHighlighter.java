package org.layerbook.repl;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.interpreter.cell.CellParser;
import org.layerbook.interpreter.cell.Entry;
import org.layerbook.interpreter.cell.Vocabulary;

/** Colours a cell while it is typed: each kind of step in the colour that it has in the step table. */
final class CellHighlighter implements Highlighter {
    /** The orange of RUN in every view. */
    private static final int ORANGE = 208;

    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle RUN = AttributedStyle.BOLD.foreground(ORANGE);
    private static final AttributedStyle COPY = AttributedStyle.BOLD.foreground(AttributedStyle.BLUE);
    private static final AttributedStyle OTHER = AttributedStyle.BOLD;
    private static final AttributedStyle COMMAND = AttributedStyle.BOLD.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle MAGIC = AttributedStyle.BOLD.foreground(AttributedStyle.MAGENTA);
    private static final AttributedStyle COMMENT = AttributedStyle.DEFAULT.faint();
    private static final AttributedStyle VARIABLE = AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle FLAG = AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle REFERENCE = AttributedStyle.DEFAULT.foreground(AttributedStyle.MAGENTA);

    private static final Pattern FIRST_WORD = Pattern.compile("\\s*(?<word>!+|%{0,2}[\\w-]+)");
    private static final Pattern PARTS = Pattern.compile("(?<variable>\\$(?:\\{[^}\\n]*\\}|\\w+))"
            + "|(?<=\\s)(?:(?<flag>--?[a-zA-Z][\\w-]*)|(?<reference>@[\\w\\[\\]/.-]*))");
    private static final Pattern COMMENT_LINE = Pattern.compile("(?m)^[ \\t]*(?<comment>#.*)");

    private final CellParser parser;

    CellHighlighter(CellParser parser) {
        this.parser = parser;
    }

    @Override
    public AttributedString highlight(LineReader reader, String buffer) {
        var canvas = new Canvas(buffer);
        paint(buffer, 0, canvas);
        return canvas.toAttributedString();
    }

    /** @param offset of {@code cell} in the whole text */
    private void paint(String cell, int offset, Canvas canvas) {
        for (Entry entry : parser.parse(cell).entries()) {
            int start = offset
                    + offsetOf(cell, entry.range().startLine(), entry.range().startColumn());
            int end = offset + end(cell, entry.range());
            switch (entry) {
                case Entry.Instruction instruction -> instruction(start, end, canvas);
                case Entry.Mistake mistake -> instruction(start, end, canvas);
                case Entry.DockerCommand command -> command(start, end, canvas);
                case Entry.ShellForm form -> parts(start, end, canvas);
                case Entry.LineMagic magic -> magic(start, end, canvas);
                case Entry.HostCommand command -> magic(start, end, canvas);
                case Entry.CellMagic magic -> cellMagic(magic, start, end, canvas);
                case Entry.Help help -> canvas.style(start, end, COMMAND);
                case Entry.Comment comment -> canvas.style(start, end, COMMENT);
                case Entry.TutorialOutput output -> canvas.style(start, end, COMMENT);
            }
        }
    }

    private static void instruction(int start, int end, Canvas canvas) {
        parts(start, end, canvas);
        canvas.each(COMMENT_LINE, "comment", start, end, COMMENT);
        canvas.first(FIRST_WORD, start, end, word -> switch (word.toUpperCase(Locale.ROOT)) {
            case "RUN" -> RUN;
            case "COPY", "ADD" -> COPY;
            case String keyword when Vocabulary.INSTRUCTIONS.contains(keyword) -> OTHER;
            default -> PLAIN;
        });
    }

    private static void command(int start, int end, Canvas canvas) {
        parts(start, end, canvas);
        canvas.first(FIRST_WORD, start, end, word -> COMMAND);
    }

    private static void magic(int start, int end, Canvas canvas) {
        parts(start, end, canvas);
        canvas.first(FIRST_WORD, start, end, word -> MAGIC);
    }

    private void cellMagic(Entry.CellMagic magic, int start, int end, Canvas canvas) {
        int headEnd = canvas.lineEnd(start);
        magic(start, Math.min(headEnd, end), canvas);
        if (parser.vocabulary().body(magic.name()) == Vocabulary.Body.CELL && headEnd < end) {
            paint(magic.body(), headEnd + 1, canvas);
        }
    }

    private static void parts(int start, int end, Canvas canvas) {
        canvas.each(PARTS, "variable", start, end, VARIABLE);
        canvas.each(PARTS, "flag", start, end, FLAG);
        canvas.each(PARTS, "reference", start, end, REFERENCE);
    }

    private static int end(String text, SourceRange range) {
        return offsetOf(text, range.endLine(), range.endColumn());
    }

    private static int offsetOf(String text, int line, int column) {
        int start = 0;
        for (int i = 1; i < line; i++) {
            int newline = text.indexOf('\n', start);
            if (newline < 0) {
                return text.length();
            }
            start = newline + 1;
        }
        return Math.min(start + column - 1, text.length());
    }

    /** A text and the style of each of its characters. */
    private static final class Canvas {
        private final String text;
        private final AttributedStyle[] styles;

        Canvas(String text) {
            this.text = text;
            this.styles = new AttributedStyle[text.length()];
            Arrays.fill(styles, PLAIN);
        }

        void style(int start, int end, AttributedStyle style) {
            for (int i = Math.max(0, start); i < Math.min(end, styles.length); i++) {
                styles[i] = style;
            }
        }

        void each(Pattern pattern, String group, int start, int end, AttributedStyle style) {
            Matcher m = pattern.matcher(text)
                    .region(Math.min(start, text.length()), Math.min(end, text.length()))
                    .useTransparentBounds(true);
            while (m.find()) {
                if (m.group(group) != null) {
                    style(m.start(group), m.end(group), style);
                }
            }
        }

        void first(Pattern pattern, int start, int end, Function<String, AttributedStyle> styleOf) {
            Matcher m = pattern.matcher(text).region(Math.min(start, text.length()), Math.min(end, text.length()));
            if (m.lookingAt()) {
                style(m.start("word"), m.end("word"), styleOf.apply(m.group("word")));
            }
        }

        int lineEnd(int from) {
            int newline = text.indexOf('\n', from);
            return newline < 0 ? text.length() : newline;
        }

        AttributedString toAttributedString() {
            var styled = new AttributedStringBuilder(text.length());
            for (int i = 0; i < text.length(); i++) {
                styled.style(styles[i]).append(text.charAt(i));
            }
            return styled.toAttributedString();
        }
    }
}
