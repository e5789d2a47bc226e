package org.layerbook.repl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.layerbook.engine.dockerfile.Completeness;
import org.layerbook.interpreter.Interpreter;

/** The prompt: reads cells, runs them. Ctrl-C drops what is typed or ends the step that runs; Ctrl-D leaves. */
final class Prompt {
    private final Interpreter interpreter;
    private final Path history;

    Prompt(Interpreter interpreter, Path history) {
        this.interpreter = interpreter;
        this.history = history;
    }

    int run() throws IOException {
        try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
            return new Loop(terminal).run();
        }
    }

    /**
     * Cells from a pipe or file, without a prompt: each complete input is one cell. Stops at the first that fails.
     *
     * @return its exit status
     */
    static int runPiped(Interpreter interpreter, InputStream in, CellRunner runner) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        var cell = new StringBuilder();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            cell.append(line).append('\n');
            if (interpreter.completeness(cell.toString()) != Completeness.INCOMPLETE) {
                int status = runner.run(cell.toString(), Optional.empty());
                if (status != 0) {
                    return status;
                }
                cell.setLength(0);
            }
        }
        return cell.toString().isBlank() ? 0 : runner.run(cell.toString(), Optional.empty());
    }

    private final class Loop {
        private final Terminal terminal;
        private final LineReader reader;
        private final CellRunner runner;

        Loop(Terminal terminal) {
            this.terminal = terminal;
            var input = new CellInput(interpreter);
            reader = LineReaderBuilder.builder()
                    .terminal(terminal)
                    .appName("layerbook")
                    .parser(input)
                    .completer(input)
                    .highlighter(new CellHighlighter())
                    .variable(LineReader.HISTORY_FILE, history)
                    // A password must not be found there later.
                    .variable(LineReader.HISTORY_IGNORE, "*docker login*")
                    .variable(LineReader.INDENTATION, 0)
                    .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                    .option(LineReader.Option.INSERT_TAB, false)
                    .build();
            var out = new PrintStream(terminal.output(), false, StandardCharsets.UTF_8);
            boolean dumb = terminal.getType().startsWith(Terminal.TYPE_DUMB);
            var output = new TerminalOutput(out, out, !dumb, this::width, this::ask);
            runner = new CellRunner(interpreter, output, true);
        }

        int run() {
            terminal.handle(Terminal.Signal.INT, signal -> interpreter.interrupt());
            terminal.writer()
                    .println("Layerbook: each input builds on the image @. %lsmagic lists what there is,"
                            + " FROM? explains, Ctrl-D leaves.");
            while (true) {
                int number = runner.nextNumber();
                String label = "In [" + number + "]: ";
                reader.setVariable(LineReader.SECONDARY_PROMPT_PATTERN, " ".repeat(label.length() - 5) + "...: ");
                try {
                    String code = reader.readLine(label);
                    if (!code.isBlank()) {
                        runner.run(code, Optional.empty());
                    }
                } catch (UserInterruptException e) {
                    // Ctrl-C while typing: JLine has dropped the line; go on.
                    continue;
                } catch (EndOfFileException e) {
                    return 0;
                }
            }
        }

        private int width() {
            int columns = terminal.getSize().getColumns();
            return columns > 0 ? columns : 100;
        }

        private Optional<String> ask(String prompt, boolean password) {
            try {
                var asking = LineReaderBuilder.builder().terminal(terminal).build();
                return Optional.of(password ? asking.readLine(prompt, '*') : asking.readLine(prompt));
            } catch (UserInterruptException | EndOfFileException e) {
                return Optional.empty();
            }
        }
    }
}
