package org.layerbook.repl;

import java.util.List;
import java.util.Optional;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.Interpreter.CellRequest;

/** Runs cells one after the other in one session and shows what they show. */
final class CellRunner {
    private final Interpreter interpreter;
    private final TerminalOutput output;
    private final boolean keepGoing;
    private int number;

    CellRunner(Interpreter interpreter, TerminalOutput output, boolean keepGoing) {
        this.interpreter = interpreter;
        this.output = output;
        this.keepGoing = keepGoing;
    }

    /** @return the exit status of the first cell that failed, 0 when none did */
    int runAll(List<CellsFile.Cell> cells, boolean echo) {
        int status = 0;
        for (CellsFile.Cell cell : cells) {
            if (echo) {
                echo(cell.code());
            }
            int cellStatus = run(cell.code(), cell.id());
            if (status == 0) {
                status = cellStatus;
            }
            if (cellStatus != 0 && !keepGoing) {
                return status;
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
                output.stderr(
                        String.join("\n", failed.details().isEmpty() ? List.of(failed.message()) : failed.details())
                                + "\n");
                yield Math.clamp(failed.exitStatus(), 1, 255);
            }
        };
    }

    int nextNumber() {
        return number + 1;
    }

    private void echo(String code) {
        String label = "In [" + nextNumber() + "]: ";
        String indent = " ".repeat(label.length() - 5) + "...: ";
        output.stdout("\n" + label + code.stripTrailing().replace("\n", "\n" + indent) + "\n");
    }
}
