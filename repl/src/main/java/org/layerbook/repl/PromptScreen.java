package org.layerbook.repl;

import java.io.IOException;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.layerbook.interpreter.RawTerminal;

/** The terminal of a prompt, while a cell runs. */
final class PromptScreen implements Screen {
    private static final int DEFAULT_COLUMNS = 100;
    private static final int DEFAULT_ROWS = 24;

    private final Terminal terminal;
    private final boolean colour;

    PromptScreen(Terminal terminal, boolean colour) {
        this.terminal = terminal;
        this.colour = colour;
    }

    @Override
    public boolean hasCursor() {
        return !terminal.getType().startsWith(Terminal.TYPE_DUMB);
    }

    @Override
    public boolean hasColour() {
        return colour && hasCursor();
    }

    @Override
    public boolean showsErrors() {
        return true;
    }

    @Override
    public int columns() {
        int columns = terminal.getSize().getColumns();
        return columns > 0 ? columns : DEFAULT_COLUMNS;
    }

    @Override
    public int rows() {
        int rows = terminal.getSize().getRows();
        return rows > 0 ? rows : DEFAULT_ROWS;
    }

    /** A question of its own: what is answered is no cell, is not remembered, and a password is not shown. */
    @Override
    public Optional<String> ask(String prompt, boolean password) {
        LineReader asking = LineReaderBuilder.builder()
                .terminal(terminal)
                .parser(new RawLineParser())
                .variable(LineReader.DISABLE_HISTORY, true)
                .variable(LineReader.DISABLE_COMPLETION, true)
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .build();
        try {
            return Optional.of(password ? asking.readLine(prompt, '\0') : asking.readLine(prompt));
        } catch (UserInterruptException | EndOfFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public boolean canBeLent() {
        return hasCursor();
    }

    @Override
    public boolean withRawTerminal(RawTerminal.Work work) throws IOException {
        try (var raw = new JlineRawTerminal(terminal)) {
            work.with(raw);
        }
        return true;
    }
}
