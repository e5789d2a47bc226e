package org.layerbook.repl;

import java.util.List;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.EOFError;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.layerbook.engine.dockerfile.parse.Completeness;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.Interpreter.Completion;

/** Joins JLine's reading to the interpreter: when an input is complete, and what could stand at the cursor. */
final class CellInput implements Parser, Completer {
    private final Interpreter interpreter;

    CellInput(Interpreter interpreter) {
        this.interpreter = interpreter;
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        if (context == ParseContext.COMPLETE) {
            return new CellLine(line, cursor, interpreter.complete(line, cursor));
        }
        boolean accepting = context == ParseContext.ACCEPT_LINE || context == ParseContext.UNSPECIFIED;
        if (accepting && interpreter.completeness(line) == Completeness.INCOMPLETE) {
            throw new EOFError(-1, -1, "the instruction continues", "…");
        }
        return new CellLine(line, cursor, Completion.none(cursor));
    }

    /** Backslashes and quotes are the cell language's, not JLine's. */
    @Override
    public boolean isEscapeChar(char ch) {
        return false;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        if (line instanceof CellLine cell) {
            cell.completion().candidates().forEach(c -> candidates.add(candidate(c)));
        } else if (line != null) {
            interpreter.complete(line.line(), line.cursor()).candidates().forEach(c -> candidates.add(candidate(c)));
        }
    }

    private static Candidate candidate(Interpreter.Candidate c) {
        String description = c.description().isEmpty() ? null : c.description();
        boolean goesOn = c.text().endsWith("/") || c.text().endsWith("=");
        return new Candidate(c.text(), c.text(), null, description, null, null, !goesOn);
    }
}
