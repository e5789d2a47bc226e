package org.layerbook.repl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.command.option.OptionParser.Parsed;

/** {@code layerbook run FILE}. */
final class RunCommand {
    static final Command COMMAND = new Command(
            "run",
            "[OPTIONS] FILE",
            """
            Run a notebook, a script of cells or a Dockerfile.
            Prints each cell and its output. Runs in the directory of the file and stops at
            the first cell that fails. Lines that start with `# %%` separate the cells of a
            script; a Dockerfile is one cell.""",
            List.of(CellsCommand.KEEP_GOING),
            1,
            1,
            CellsCommand.STATUSES,
            RunCommand::run);

    private RunCommand() {}

    private static int run(Parsed given, CliContext context) {
        CellsFile cells = read(Path.of(given.arguments().getFirst()));
        if (cells.cells().isEmpty()) {
            String what = cells.isNotebook() ? "no code cell" : "no cell";
            context.output().stderr(given.arguments().getFirst() + " has " + what + ": nothing was run\n");
            return 0;
        }
        boolean keepGoing = given.options().on(CellsCommand.KEEP_GOING.name());
        try (var interrupts = new Interrupts(context.output());
                Interpreter interpreter = open(cells, context.interpreters())) {
            interrupts.end(interpreter);
            return new CellRunner(interpreter, context.output())
                    .runAll(cells.cells(), new CellRunner.RunOptions(keepGoing, true, interrupts::came));
        }
    }

    private static Interpreter open(CellsFile cells, Interpreters interpreters) {
        Path folder = Optional.ofNullable(cells.file().getParent()).orElse(Path.of("/"));
        return cells.isNotebook() ? interpreters.over(cells.file()) : interpreters.in(folder);
    }

    private static CellsFile read(Path file) {
        try {
            return CellsFile.read(file);
        } catch (IOException e) {
            throw UserErrorException.of("cannot read " + file, e);
        }
    }
}
