package org.layerbook.repl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.layerbook.engine.dockerfile.parse.Completeness;
import org.layerbook.interpreter.Interpreter;

/** Cells from a pipe or a file: read line by line, each complete input is one cell, as if it were typed. */
final class PipedCells {
    private final Interpreter interpreter;
    private final CellRunner runner;
    private final boolean keepGoing;
    private int status;

    PipedCells(Interpreter interpreter, CellRunner runner, boolean keepGoing) {
        this.interpreter = interpreter;
        this.runner = runner;
        this.keepGoing = keepGoing;
    }

    /**
     * Reads to the end, or to the first cell that fails.
     *
     * @return the exit status of the first cell that failed, else 0
     */
    int run(InputStream in, BooleanSupplier interrupted) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        var cell = new StringBuilder();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (interrupted.getAsBoolean()) {
                return status == 0 ? CellRunner.INTERRUPTED : status;
            }
            cell.append(line);
            // Asked without the last newline: behind that, the body of a cell magic would always seem to have ended.
            boolean complete = interpreter.completeness(cell.toString()) != Completeness.INCOMPLETE;
            cell.append('\n');
            if (complete && !run(cell)) {
                return status;
            }
        }
        run(cell);
        return status;
    }

    /** @return whether to go on */
    private boolean run(StringBuilder cell) {
        String code = cell.toString();
        cell.setLength(0);
        int ended = code.isBlank() ? 0 : runner.run(code, Optional.empty());
        status = status == 0 ? ended : status;
        return ended == 0 || keepGoing;
    }
}
