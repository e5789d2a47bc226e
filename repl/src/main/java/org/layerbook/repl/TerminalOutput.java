package org.layerbook.repl;

import java.io.Console;
import java.io.PrintStream;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.Rendered;

/**
 * Shows a cell's output on a terminal, or as plain text in a pipe or file. What changes in place does so only on a
 * terminal; elsewhere its last form is printed, once.
 */
final class TerminalOutput implements CellOutput {
    private static final String UP_AND_CLEAR = "\u001b[%dA\u001b[0J";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean isTerminal;
    private final IntSupplier columns;
    private final Asker asker;
    private Optional<LiveDisplay> last = Optional.empty();
    private boolean atLineStart = true;

    /** How a person is asked for a line; empty where nobody can answer. */
    @FunctionalInterface
    interface Asker {
        Optional<String> ask(String prompt, boolean password);
    }

    TerminalOutput(PrintStream out, PrintStream err, boolean isTerminal, IntSupplier columns, Asker asker) {
        this.out = out;
        this.err = err;
        this.isTerminal = isTerminal;
        this.columns = columns;
        this.asker = asker;
    }

    /** The process's own streams. */
    static TerminalOutput standard() {
        boolean terminal =
                Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
                        && !"dumb".equals(System.getenv("TERM"));
        int columns = Optional.ofNullable(System.getenv("COLUMNS"))
                .filter(c -> c.matches("[1-9]\\d{0,4}"))
                .map(Integer::parseInt)
                .orElse(100);
        return new TerminalOutput(System.out, System.err, terminal, () -> columns, TerminalOutput::askConsole);
    }

    @Override
    public synchronized void stdout(String text) {
        settle();
        out.print(text);
        out.flush();
        if (!text.isEmpty()) {
            atLineStart = text.endsWith("\n");
        }
    }

    @Override
    public synchronized void stderr(String text) {
        settle();
        out.flush();
        err.print(text);
        err.flush();
    }

    @Override
    public synchronized void display(Rendered rendered) {
        settle();
        print(rendered);
    }

    @Override
    public synchronized Display live(Rendered rendered) {
        settle();
        var display = new LiveDisplay(rendered);
        last = Optional.of(display);
        if (isTerminal) {
            display.draw();
        }
        return display;
    }

    /** Ends what was still changing; call at the end of a cell. */
    synchronized void settle() {
        last.filter(d -> !isTerminal).ifPresent(d -> print(d.current));
        last = Optional.empty();
    }

    @Override
    public Optional<String> ask(String prompt, boolean password) {
        synchronized (this) {
            settle();
        }
        return asker.ask(prompt, password);
    }

    private static Optional<String> askConsole(String prompt, boolean password) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return Optional.empty();
        }
        return password
                ? Optional.ofNullable(console.readPassword("%s", prompt)).map(String::new)
                : Optional.ofNullable(console.readLine("%s", prompt));
    }

    @Override
    public int columns() {
        return columns.getAsInt();
    }

    private int print(Rendered rendered) {
        String text = isTerminal ? rendered.byMimeType().getOrDefault(Rendered.ANSI, rendered.text()) : rendered.text();
        if (!atLineStart) {
            out.print('\n');
        }
        out.print(text);
        if (!text.isEmpty() && !text.endsWith("\n")) {
            out.print('\n');
        }
        out.flush();
        atLineStart = true;
        return (int) text.stripTrailing().lines().count();
    }

    private final class LiveDisplay implements Display {
        private Rendered current;
        private int lines;

        LiveDisplay(Rendered rendered) {
            current = rendered;
        }

        void draw() {
            lines = print(current);
        }

        @Override
        public void update(Rendered rendered) {
            synchronized (TerminalOutput.this) {
                boolean isLast = last.filter(d -> d == this).isPresent();
                current = rendered;
                if (isTerminal && isLast) {
                    if (lines > 0) {
                        out.print(String.format(UP_AND_CLEAR, lines));
                    }
                    draw();
                }
            }
        }
    }
}
