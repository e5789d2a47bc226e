package org.layerbook.repl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.layerbook.interpreter.Interpreter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Run a notebook, a script of cells (split by '# %%%%' lines) or a Dockerfile, and print what each"
                + " cell shows.")
final class RunCommand implements Callable<Integer> {
    @ParentCommand
    private LayerbookCommand layerbook;

    @Parameters(paramLabel = "FILE", description = "An .ipynb file, a script, or a Dockerfile.")
    private Path file;

    @Option(names = "--keep-going", description = "Do not stop at the first cell that fails.")
    private boolean keepGoing;

    @Override
    public Integer call() {
        CellsFile cells = read();
        try (Interpreter interpreter = layerbook.interpreters.open(cells.folder())) {
            return layerbook.runCells(interpreter, cells.cells(), keepGoing, true);
        }
    }

    private CellsFile read() {
        try {
            return CellsFile.read(file);
        } catch (java.nio.file.NoSuchFileException e) {
            throw new UserError("no such file: " + file, e);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
