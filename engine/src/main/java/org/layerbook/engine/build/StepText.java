package org.layerbook.engine.build;

import java.util.Locale;
import org.layerbook.engine.dockerfile.ExpansionException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.WordExpander;

/** An instruction in one line, as docker prints it while it builds: keyword in capitals, known variables expanded. */
final class StepText {
    private StepText() {}

    static String of(Instruction instruction, Environment environment) {
        String line = oneLine(instruction.origin());
        int space = line.indexOf(' ');
        String keyword = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        String rest = space < 0 ? "" : line.substring(space);
        return switch (instruction) {
            case Instruction.Run run ->
                keyword + expanded(rest, environment, instruction.origin().escape()) + summary(run);
            case Instruction.Copy copy ->
                keyword + expanded(rest, environment, instruction.origin().escape());
            case Instruction.Add add ->
                keyword + expanded(rest, environment, instruction.origin().escape());
            case Instruction.Workdir workdir ->
                keyword + expanded(rest, environment, instruction.origin().escape());
            default -> keyword + rest;
        };
    }

    private static String expanded(String text, Environment environment, char escape) {
        try {
            return WordExpander.forDisplay(escape)
                    .expand(text, environment::get)
                    .word();
        } catch (ExpansionException e) {
            return text;
        }
    }

    /** Continuation lines joined, comments between them and heredoc bodies left off. */
    private static String oneLine(Instruction.Origin origin) {
        var line = new StringBuilder();
        for (String part : origin.original().split("\n")) {
            if (!line.isEmpty() && (part.isBlank() || part.stripLeading().startsWith("#"))) {
                continue;
            }
            String stripped = part.stripTrailing();
            int last = stripped.length() - 1;
            if (last < 0 || stripped.charAt(last) != origin.escape()) {
                return line.append(part).toString().strip();
            }
            line.append(stripped, 0, last);
        }
        return line.toString().strip();
    }

    /** The first line of a heredoc that is the whole command. */
    private static String summary(Instruction.Run run) {
        if (run.command() instanceof Instruction.CommandLine.Shell(String line, var heredocs)
                && RunPlanner.isOnlyMarker(line, heredocs)) {
            var lines = heredocs.getFirst().content().strip().lines().toList();
            return lines.isEmpty() ? "" : " (" + lines.getFirst() + (lines.size() > 1 ? "..." : "") + ")";
        }
        return "";
    }
}
