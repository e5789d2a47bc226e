package org.layerbook.interpreter.view;

import java.util.List;
import java.util.regex.Pattern;
import org.layerbook.engine.dockerfile.Instruction;

/** An instruction on one line, its keyword first; and which kind of step it is. */
final class Instructions {
    private static final Pattern CONTINUATION = Pattern.compile("[\\\\`][ \\t]*\\r?\\n[ \\t]*");
    private static final Pattern BLANKS = Pattern.compile("[ \\t]{2,}");

    private Instructions() {}

    static List<Span> spans(Instruction instruction, int columns) {
        String text = oneLine(instruction);
        int blank = text.indexOf(' ');
        String keyword = blank < 0 ? text : text.substring(0, blank);
        String rest = blank < 0 ? "" : text.substring(blank + 1).strip();
        return rest.isEmpty()
                ? List.of(Span.key(keyword))
                : List.of(
                        Span.key(keyword), Span.of(" "), Span.code(rest, Math.max(8, columns - keyword.length() - 1)));
    }

    /** The source with continuations joined and comments in them left out; of a heredoc, the line that opens it. */
    static String oneLine(Instruction instruction) {
        String source = instruction.origin().original().strip();
        var joined = new StringBuilder();
        for (String line : source.split("\\R")) {
            if (!joined.isEmpty() && line.stripLeading().startsWith("#")) {
                continue;
            }
            joined.append(line).append('\n');
        }
        String text = CONTINUATION.matcher(joined).replaceAll(" ").strip();
        int end = text.indexOf('\n');
        String first = end < 0 ? text : text.substring(0, end).stripTrailing() + " …";
        String flat = BLANKS.matcher(first.replace('\t', ' ')).replaceAll(" ");
        String keyword = instruction.keyword();
        return flat.regionMatches(true, 0, keyword, 0, keyword.length())
                ? keyword + flat.substring(keyword.length())
                : flat;
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
