package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.interpreter.view.layout.SafeText;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.Tone;

/** An instruction's text with its parts in tones: keyword, what joins commands, strings, variables, comments. */
final class SourceText {
    private static final Pattern PARTS = Pattern.compile("""
            (?<string>"(?:[^"\\\\]|\\\\.)*"|'[^']*')\
            |(?<variable>\\$\\{[^}]*}|\\$\\w+)\
            |(?<operator>&&|\\|\\||[|;])\
            |(?<comment>(?<=\\s|^)#.*)""");
    /** Where a long command line is broken: behind what joins commands. */
    private static final Pattern JOINT = Pattern.compile("(?<= && |; |\\|\\| )\\s*");

    private SourceText() {}

    static List<Span> oneLine(String keyword, String rest, int columns) {
        int left = Math.max(8, columns - (keyword.isEmpty() ? 0 : keyword.length() + 1));
        String cut = SafeText.abbreviate(rest, left);
        var spans = new ArrayList<Span>();
        if (!keyword.isEmpty()) {
            spans.add(Span.of(keyword, Tone.WORD));
            spans.add(Span.of(" "));
        }
        spans.addAll(parts(cut));
        return spans;
    }

    /** All of it, broken into lines. */
    static List<List<Span>> lines(String keyword, String rest) {
        var lines = new ArrayList<List<Span>>();
        for (String line : JOINT.split(rest)) {
            var spans = new ArrayList<Span>();
            if (!lines.isEmpty()) {
                spans.add(Span.of("    "));
            } else if (!keyword.isEmpty()) {
                spans.add(Span.of(keyword, Tone.WORD));
                spans.add(Span.of(" "));
            }
            spans.addAll(parts(line.strip()));
            lines.add(spans);
        }
        return lines;
    }

    private static List<Span> parts(String text) {
        var spans = new ArrayList<Span>();
        Matcher part = PARTS.matcher(text);
        int end = 0;
        while (part.find()) {
            if (part.start() > end) {
                spans.add(Span.code(text.substring(end, part.start())));
            }
            spans.add(Span.of(part.group(), tone(part)));
            end = part.end();
        }
        if (end < text.length()) {
            spans.add(Span.code(text.substring(end)));
        }
        return spans;
    }

    private static Tone tone(Matcher part) {
        if (part.group("string") != null) {
            return Tone.STRING;
        }
        if (part.group("variable") != null) {
            return Tone.VARIABLE;
        }
        return part.group("operator") != null ? Tone.WORD : Tone.COMMENT;
    }
}
