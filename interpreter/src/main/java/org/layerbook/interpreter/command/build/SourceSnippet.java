package org.layerbook.interpreter.command.build;

import java.util.List;
import java.util.Locale;

/** The lines of a Dockerfile around a fault, as BuildKit prints them: four each side, the fault marked. */
final class SourceSnippet {
    private static final int AROUND = 4;
    private static final String RULE = "--------------------";

    private SourceSnippet() {}

    /** Empty when the lines are not in the text. @param first from 1; @param last inclusive */
    static String of(String file, String source, int first, int last) {
        List<String> lines = List.of(source.split("\r?\n", -1));
        if (first < 1 || first > lines.size()) {
            return "";
        }
        int end = Math.min(last, lines.size());
        var text = new StringBuilder(file + ":" + first + "\n" + RULE + "\n");
        int from = Math.max(1, first - AROUND);
        int to = Math.min(lines.size(), end + AROUND);
        for (int number = from; number <= to; number++) {
            String mark = number >= first && number <= end ? ">>>" : "   ";
            text.append(String.format(Locale.ROOT, " %3d | %s %s%n", number, mark, lines.get(number - 1)));
        }
        return text.append(RULE).toString();
    }
}
