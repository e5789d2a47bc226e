package org.layerbook.repl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.Engine;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.command.option.OptionParser.Parsed;
import org.layerbook.interpreter.command.option.OptionSpec;

/** {@code layerbook} without a command: the prompt, or the cells that are given. */
final class CellsCommand {
    static final OptionSpec KEEP_GOING = OptionSpec.toggle("keep-going", "Do not stop at the first cell that fails");

    static final List<String> STATUSES =
            List.of("0        all cells succeeded", "1..255   exit status of the first failed cell; 130 after Ctrl-C");

    static final Command COMMAND = new Command(
            "",
            "[OPTIONS] [COMMAND]",
            """
            A notebook in which each cell builds an image layer. Without a command or -c,
            starts a prompt; input from a pipe is run as if typed.

            LAYERBOOK_HOME sets the directory of the store (default: ~/.local/share/layerbook).""",
            List.of(
                    OptionSpec.of(
                            OptionSpec.Kind.LIST,
                            "CELL",
                            'c',
                            "cell",
                            "Run this cell; can be given several times, for one session"),
                    KEEP_GOING,
                    OptionSpec.toggle("version", "Print the version"),
                    OptionSpec.toggle("train", "Run a training workload for the AOT cache")
                            .hiddenFromHelp()),
            0,
            0,
            STATUSES,
            CellsCommand::run);

    private CellsCommand() {}

    private static int run(Parsed given, CliContext context) throws IOException {
        if (given.options().on("version")) {
            context.output().stdout("layerbook " + version() + "\n");
            return 0;
        }
        if (given.options().on("train")) {
            return train(context);
        }
        boolean keepGoing = given.options().on(KEEP_GOING.name());
        List<CellsFile.Cell> cells =
                given.options().list("cell").stream().map(CellsFile.Cell::of).toList();
        if (cells.isEmpty() && context.screen().isUsers()) {
            return prompt(context);
        }
        try (var interrupts = new Interrupts(context.output());
                Interpreter interpreter = context.interpreters().in(here())) {
            interrupts.end(interpreter);
            return cells.isEmpty()
                    ? piped(interpreter, keepGoing, interrupts, context)
                    : new CellRunner(interpreter, context.output())
                            .runAll(cells, new CellRunner.RunOptions(keepGoing, false, interrupts::came));
        }
    }

    private static Path here() {
        return Path.of("").toAbsolutePath();
    }

    private static int prompt(CliContext context) throws IOException {
        Path history = Engine.home(context.environment()).resolve("history");
        try (Interpreter interpreter = context.interpreters().in(here())) {
            return Prompt.run(interpreter, history, context.environment());
        }
    }

    private static int piped(Interpreter interpreter, boolean keepGoing, Interrupts interrupts, CliContext context)
            throws IOException {
        TerminalOutput output = context.output();
        output.withholdInput();
        return new PipedCells(interpreter, new CellRunner(interpreter, output), keepGoing)
                .run(context.input(), interrupts::came);
    }

    private static int train(CliContext context) throws IOException {
        if (!context.environment().containsKey("LAYERBOOK_HOME")) {
            throw new UserErrorException("--train writes to a store: set LAYERBOOK_HOME to a disposable one");
        }
        AotTraining.of(context);
        return 0;
    }

    static String version() {
        return Optional.ofNullable(CellsCommand.class.getPackage().getImplementationVersion())
                .orElse("(not packaged)");
    }
}
