package org.layerbook.interpreter.view;

import java.util.List;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.parse.StatementReader;
import org.layerbook.interpreter.report.StepsReport.Row;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.Tone;

/** An instruction on one line, its keyword first; and which kind of step it is. */
final class Instructions {
    private static final String TRIGGER = "ONBUILD ";

    private Instructions() {}

    static List<Span> spans(Row step, int columns) {
        String text = oneLine(step.instruction());
        String keyword = step.instruction().keyword();
        String rest = text.startsWith(keyword) ? text.substring(keyword.length()) : " " + text;
        String shown = step.onBuild() ? TRIGGER + keyword : keyword;
        if (rest.isBlank()) {
            return List.of(Span.key(shown));
        }
        // What separates them is a blank, or a tab, which looks like one.
        return List.of(
                Span.key(shown), Span.of(" "), Span.code(rest.substring(1), Math.max(8, columns - shown.length() - 1)));
    }

    /** The line as it is written, its keyword in capitals; of a heredoc, the line that opens it. */
    static String oneLine(Instruction instruction) {
        String line = StatementReader.line(instruction.origin());
        String keyword = instruction.keyword();
        String text = line.regionMatches(true, 0, keyword, 0, keyword.length())
                ? keyword + line.substring(keyword.length())
                : line;
        return hasHeredoc(instruction) ? text + " …" : text;
    }

    private static boolean hasHeredoc(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Run run ->
                run.command() instanceof Instruction.CommandLine.Shell shell
                        && !shell.heredocs().isEmpty();
            case Instruction.Copy copy -> !copy.sources().heredocs().isEmpty();
            case Instruction.Add add -> !add.sources().heredocs().isEmpty();
            default -> false;
        };
    }

    static Tone tone(Instruction instruction) {
        return switch (instruction) {
            case Instruction.From from -> Tone.BASE;
            case Instruction.Run run -> Tone.RUN;
            case Instruction.Copy copy -> Tone.COPY;
            case Instruction.Add add -> Tone.COPY;
            default -> Tone.META;
        };
    }
}
