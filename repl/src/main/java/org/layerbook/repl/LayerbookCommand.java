package org.layerbook.repl;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jline.utils.Signals;
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
        exitCodeList = {"0:every cell succeeded", "1..255:of the first cell that failed", "2:the command line is wrong"
        })
final class LayerbookCommand implements Callable<Integer> {
    final Interpreters interpreters;
    final TerminalOutput output;

    @Option(
            names = "-c",
            paramLabel = "CELL",
            description = "Run this cell; may be given several times, for one session.")
    private List<String> cells = List.of();

    @Option(names = "--keep-going", description = "Do not stop at the first cell that fails.")
    private boolean keepGoing;

    LayerbookCommand(Interpreters interpreters, TerminalOutput output) {
        this.interpreters = interpreters;
        this.output = output;
    }

    @Override
    public Integer call() throws IOException {
        try (Interpreter interpreter = interpreters.open(Path.of("").toAbsolutePath())) {
            if (!cells.isEmpty()) {
                return runCells(
                        interpreter,
                        cells.stream()
                                .map(code -> new CellsFile.Cell(code, Optional.empty()))
                                .toList(),
                        keepGoing,
                        false);
            }
            boolean typed = Optional.ofNullable(System.console())
                    .map(Console::isTerminal)
                    .orElse(false);
            return typed
                    ? new Prompt(interpreter, Engine.home(System.getenv()).resolve("history")).run()
                    : Prompt.runPiped(interpreter, System.in, new CellRunner(interpreter, output, keepGoing));
        }
    }

    /** Runs cells so that Ctrl-C ends the step that runs, not the program. */
    int runCells(Interpreter interpreter, List<CellsFile.Cell> toRun, boolean goOn, boolean echo) {
        Object before = Signals.register("INT", interpreter::interrupt);
        try {
            return new CellRunner(interpreter, output, goOn).runAll(toRun, echo);
        } finally {
            Signals.unregister("INT", before);
        }
    }

    static final class Version implements picocli.CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                    .orElse("(not packaged)");
            return new String[] {"layerbook " + version};
        }
    }
}
