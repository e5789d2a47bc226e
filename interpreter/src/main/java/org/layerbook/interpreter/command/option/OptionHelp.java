package org.layerbook.interpreter.command.option;

import java.util.Comparator;
import java.util.List;

/** The options block of a help text, in pflag's layout: sorted by name, aligned, wrapped. */
public final class OptionHelp {
    /** Text of fewer columns beside the names goes under them instead. */
    private static final int NARROW = 24;

    private static final int SMALL_INDENT = 16;
    /** A line may be this much longer than asked for when it is the last. */
    private static final int SLOP = 5;

    private OptionHelp() {}

    /** Lines, each with a newline at its end; empty when no option is to be shown. */
    public static String text(List<OptionSpec> specs, int columns) {
        var shown = specs.stream()
                .filter(spec -> !spec.hidden())
                .sorted(Comparator.comparing(OptionSpec::name))
                .toList();
        int longest =
                shown.stream().mapToInt(spec -> heading(spec).length()).max().orElse(0);
        int indent = longest + 3;
        var text = new StringBuilder();
        for (OptionSpec spec : shown) {
            String heading = heading(spec);
            text.append(heading).append(" ".repeat(indent - heading.length()));
            text.append(wrap(spec.help(), indent, columns)).append('\n');
        }
        return text.toString();
    }

    private static String heading(OptionSpec spec) {
        String names = spec.shorthand().map(letter -> "  -" + letter + ", ").orElse("      ") + "--" + spec.name();
        return spec.typeName().isEmpty() ? names : names + " " + spec.typeName();
    }

    private static String wrap(String help, int indent, int columns) {
        int margin = indent;
        var text = new StringBuilder();
        if (columns - margin < NARROW) {
            margin = SMALL_INDENT;
            text.append('\n').append(" ".repeat(margin));
        }
        String lineStart = "\n" + " ".repeat(margin);
        int width = columns - margin - SLOP;
        String rest = help;
        boolean first = true;
        while (!rest.isEmpty()) {
            int end = lineEnd(rest, width);
            text.append(first ? "" : lineStart).append(rest.substring(0, end).replace("\n", lineStart));
            rest = end == rest.length() ? "" : rest.substring(end + 1);
            first = false;
        }
        return text.toString();
    }

    /** Where the first piece of {@code text} ends: at the last line end in reach, else at the last blank. */
    private static int lineEnd(String text, int width) {
        if (width + SLOP > text.length()) {
            return text.length();
        }
        String reach = text.substring(0, width);
        int blank = Math.max(reach.lastIndexOf(' '), Math.max(reach.lastIndexOf('\t'), reach.lastIndexOf('\n')));
        if (blank <= 0) {
            return text.length();
        }
        int newline = reach.lastIndexOf('\n');
        return newline > 0 && newline < blank ? newline : blank;
    }
}
