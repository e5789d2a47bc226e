package org.layerbook.repl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.layerbook.interpreter.Interpreter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description =
                "Run a notebook, a script of cells (split by '# %%%%' lines) or a Dockerfile in its own folder, and"
                        + " print what each cell shows. Stops at the first cell that fails.")
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
        try (Interpreter interpreter = open(cells)) {
            return layerbook.runCells(interpreter, cells.cells(), keepGoing, true);
        }
    }

    private Interpreter open(CellsFile cells) {
        Path folder = Optional.ofNullable(cells.file().getParent()).orElse(Path.of("/"));
        return cells.isNotebook() ? layerbook.interpreters.over(cells.file()) : layerbook.interpreters.in(folder);
    }

    private CellsFile read() {
        try {
            return CellsFile.read(file);
        } catch (IOException e) {
            throw UserError.of("cannot read " + file, e);
        }
    }
}
