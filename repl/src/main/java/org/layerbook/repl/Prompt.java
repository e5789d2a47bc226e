package org.layerbook.repl;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jline.keymap.KeyMap;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStyle;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.cell.CellParser;
import org.layerbook.interpreter.cell.CursorPlace;
import org.layerbook.interpreter.session.Sessions;

/** The prompt: reads cells, runs them. Ctrl-C drops what is typed or ends the step that runs; Ctrl-D exits. */
final class Prompt {
    private static final String GREETING = """
            Layerbook: each cell builds on the live image, @. Type ? for help.
            Enter runs a cell, Alt-Enter adds a line to it, Ctrl-D exits.
            """;

    /** Held here, for loggers that nobody holds are forgotten. What JLine has to say would stand amid the cells. */
    private static final Logger JLINE = Logger.getLogger("org.jline");

    private final Interpreter interpreter;
    private final Terminal terminal;
    private final boolean colour;
    private final LineReader reader;
    private final TerminalOutput output;
    private final CellRunner runner;

    private Prompt(Interpreter interpreter, Terminal terminal, boolean colour, Path history) {
        this.interpreter = interpreter;
        this.terminal = terminal;
        this.colour = colour;
        var input = new CellInput(interpreter);
        reader = LineReaderBuilder.builder()
                .terminal(terminal)
                .appName("layerbook")
                .parser(input)
                .completer(input)
                .completionMatcher(new PassthroughMatcher())
                .highlighter(new CellHighlighter(Sessions.parser()))
                .history(new PromptHistory())
                .variable(LineReader.INDENTATION, 0)
                .variable(LineReader.LIST_MAX, 200)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.DISABLE_HIGHLIGHTER, !colour)
                .option(LineReader.Option.INSERT_TAB, false)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, false)
                .build();
        PromptHistory.prepare(reader, history);
        bindNewLine();
        bindTab(Sessions.parser());
        var out = new PrintStream(terminal.output(), false, StandardCharsets.UTF_8);
        output = new TerminalOutput(out, out, new PromptScreen(terminal, colour));
        runner = new CellRunner(interpreter, output);
    }

    /** On the terminal that this process was started from, until the user leaves. */
    static int run(Interpreter interpreter, Path history, Map<String, String> environment) throws IOException {
        JLINE.setLevel(Level.OFF);
        try (Terminal terminal = TerminalBuilder.builder()
                .system(true)
                .encoding(StandardCharsets.UTF_8)
                .build()) {
            return run(interpreter, terminal, history, environment);
        }
    }

    /** On this terminal, which the caller closes. @return the exit status, 0 */
    static int run(Interpreter interpreter, Terminal terminal, Path history, Map<String, String> environment) {
        boolean colour = environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !terminal.getType().startsWith(Terminal.TYPE_DUMB);
        return new Prompt(interpreter, terminal, colour, history).loop();
    }

    /** Alt-Enter begins a new line where Enter would run the cell. */
    private void bindNewLine() {
        reader.getWidgets().put("begin-line", () -> {
            reader.getBuffer().write('\n');
            return true;
        });
        reader.getKeyMaps().get(LineReader.MAIN).bind(new Reference("begin-line"), KeyMap.alt('\r'), KeyMap.alt('\n'));
    }

    /** Tab completes where something can be completed; what is pasted key by key keeps its tabs. */
    private void bindTab(CellParser parser) {
        reader.getWidgets().put("complete-or-tab", () -> {
            String before = reader.getBuffer().upToCursor();
            boolean atHead = before.substring(before.lastIndexOf('\n') + 1).isBlank();
            if (atHead || parser.cursor(before).place() == CursorPlace.TEXT) {
                reader.getBuffer().write('\t');
                return true;
            }
            return reader.getBuiltinWidgets().get(LineReader.EXPAND_OR_COMPLETE).apply();
        });
        reader.getKeyMaps().get(LineReader.MAIN).bind(new Reference("complete-or-tab"), "\t");
    }

    private int loop() {
        terminal.handle(Terminal.Signal.INT, signal -> {
            output.keyShown("^C");
            if (!output.isLent()) {
                interpreter.interrupt();
            }
        });
        Attributes modes = withoutJobKeys();
        output.stdout(GREETING);
        while (true) {
            try {
                String code = read();
                if (!code.isBlank()) {
                    runner.run(code, Optional.empty());
                    // A program that died on the terminal may have left it in another state.
                    terminal.setAttributes(modes);
                }
            } catch (UserInterruptException e) {
                // Ctrl-C while typing: the text is dropped, the prompt comes again.
                continue;
            } catch (EndOfFileException e) {
                return 0;
            }
        }
    }

    private String read() {
        String label = "In [" + runner.nextNumber() + "]: ";
        String continuation = CellRunner.continuation(label);
        reader.setVariable(LineReader.SECONDARY_PROMPT_PATTERN, styled(continuation, AttributedStyle.DEFAULT.faint()));
        return reader.readLine(styled(label, AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN)));
    }

    private String styled(String text, AttributedStyle style) {
        return colour ? new AttributedString(text, style).toAnsi(terminal) : text;
    }

    /**
     * Ctrl-Z is off: the first process of a pid namespace cannot be stopped, and would fight its shell for the keys. So is
     * Ctrl-\, to which Java answers with a page about its threads.
     */
    private Attributes withoutJobKeys() {
        Attributes attributes = terminal.getAttributes();
        attributes.setControlChar(Attributes.ControlChar.VSUSP, 0);
        attributes.setControlChar(Attributes.ControlChar.VQUIT, 0);
        terminal.setAttributes(attributes);
        return attributes;
    }
}
