package org.layerbook.repl;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.Interpreter.CellRequest;

/** Runs cells one after the other in one session and shows what they show. */
final class CellRunner {
    /** What a shell reports of a process that Ctrl-C ended. */
    static final int INTERRUPTED = 130;

    private final Interpreter interpreter;
    private final TerminalOutput output;
    private int number;

    CellRunner(Interpreter interpreter, TerminalOutput output) {
        this.interpreter = interpreter;
        this.output = output;
    }

    /**
     * How a list of cells is run.
     *
     * @param keepGoing whether the cells after a failed one run too
     * @param echo whether each is printed before what it shows
     * @param interrupted whether the user wants no more of it; asked before each cell
     */
    record RunOptions(boolean keepGoing, boolean echo, BooleanSupplier interrupted) {}

    /** @return the exit status of the first cell that failed, 0 when none did, 130 when none failed and one was not run */
    int runAll(List<CellsFile.Cell> cells, RunOptions options) {
        int status = 0;
        for (CellsFile.Cell cell : cells) {
            if (options.interrupted().getAsBoolean()) {
                return status == 0 ? INTERRUPTED : status;
            }
            if (options.echo()) {
                echo(cell.code());
            }
            int cellStatus = run(cell.code(), cell.id());
            if (cellStatus != 0 && !cell.mayFail()) {
                status = status == 0 ? cellStatus : status;
                if (!options.keepGoing()) {
                    return status;
                }
            }
        }
        return status;
    }

    /** @return the cell's exit status: 0, a process's, or 1 */
    int run(String code, Optional<String> id) {
        number++;
        CellResult result = interpreter.run(new CellRequest(code, id, Optional.of(number)), output);
        output.settle();
        return switch (result) {
            case CellResult.Ok() -> 0;
            case CellResult.Failed failed -> {
                output.failure(failed);
                yield Math.clamp(failed.exitStatus(), 1, 255);
            }
        };
    }

    int nextNumber() {
        return number + 1;
    }

    private void echo(String code) {
        String label = "In [" + nextNumber() + "]: ";
        output.stdout((number == 0 ? "" : "\n") + label + code.stripTrailing().replace("\n", "\n" + continuation(label))
                + "\n");
    }

    /** What stands before the second and further lines of a cell, as wide as the label of its first. */
    static String continuation(String label) {
        return " ".repeat(Math.max(0, label.length() - 5)) + "...: ";
    }
}
