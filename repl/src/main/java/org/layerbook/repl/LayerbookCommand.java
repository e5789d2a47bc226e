package org.layerbook.repl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.layerbook.engine.Engine;
import org.layerbook.interpreter.Interpreter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "layerbook",
        mixinStandardHelpOptions = true,
        versionProvider = LayerbookCommand.Version.class,
        description = "A notebook in which each cell builds an image layer. Without arguments: the prompt.",
        subcommands = {RunCommand.class, CheckCommand.class, DoctorCommand.class, KernelCommand.class},
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:every cell succeeded",
            "1..255:of the first cell that failed; 130 after Ctrl-C",
            "2:the command line is wrong"
        },
        footerHeading = "%nEnvironment:%n",
        footer = "  LAYERBOOK_HOME   the folder of the store (default: ~/.local/share/layerbook)")
final class LayerbookCommand implements Callable<Integer> {
    final Interpreters interpreters;
    final TerminalOutput output;
    final Screen screen;
    final InputStream input;

    @Option(
            names = "-c",
            paramLabel = "CELL",
            description = "Run this cell; may be given several times, for one session. Stops at the first that fails.")
    private List<String> cells = List.of();

    @Option(names = "--keep-going", description = "Do not stop at the first cell that fails.")
    private boolean keepGoing;

    @Option(names = "--rehearse", hidden = true, description = "Do a little of everything, for the AOT cache.")
    private boolean rehearse;

    /** @param input where cells are read from when none is given and nobody sits before the screen */
    LayerbookCommand(Interpreters interpreters, TerminalOutput output, Screen screen, InputStream input) {
        this.interpreters = interpreters;
        this.output = output;
        this.screen = screen;
        this.input = input;
    }

    @Override
    public Integer call() throws IOException {
        try (Interpreter interpreter = interpreters.in(Path.of("").toAbsolutePath())) {
            if (!cells.isEmpty()) {
                return runCells(
                        interpreter, cells.stream().map(CellsFile.Cell::of).toList(), keepGoing, false);
            }
            if (screen.isPersons()) {
                return Prompt.run(interpreter, Engine.home(System.getenv()).resolve("history"), System.getenv());
            }
            output.withholdInput();
            try (var interrupts = Interrupts.to(interpreter, output)) {
                return new PipedCells(interpreter, new CellRunner(interpreter, output), keepGoing)
                        .run(input, interrupts::came);
            }
        }
    }

    /** Runs cells so that Ctrl-C ends the step that runs, and no other begins. */
    int runCells(Interpreter interpreter, List<CellsFile.Cell> toRun, boolean goOn, boolean echo) {
        try (var interrupts = Interrupts.to(interpreter, output)) {
            return new CellRunner(interpreter, output)
                    .runAll(toRun, new CellRunner.Manner(goOn, echo, interrupts::came));
        }
    }

    static final class Version implements picocli.CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"layerbook " + number()};
        }

        static String number() {
            return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                    .orElse("(not packaged)");
        }
    }
}
