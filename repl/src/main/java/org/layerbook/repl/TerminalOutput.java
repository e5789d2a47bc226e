package org.layerbook.repl;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.RawTerminal;
import org.layerbook.interpreter.Rendered;

/**
 * Shows a cell's output on a screen. What changes in place stands at the bottom, below the text that goes on; it stays
 * there in its last form when the cell ends. Where there is no cursor (a pipe, a file) only that last form is printed.
 */
final class TerminalOutput implements CellOutput {
    /** Characters of an unfinished line that are kept: more than a screen shows. */
    private static final int MOST_OPEN = 20_000;

    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintStream out;
    private final PrintStream err;
    private final Screen screen;
    /** What still changes, top to bottom. */
    private final List<LiveDisplay> live = new ArrayList<>();
    /** The lines that are on the screen now and will be written over; empty when there are none. */
    private List<String> drawn = List.of();
    /** What stands on the last line when its newline has not come yet. */
    private String open = "";

    private boolean lent;
    private volatile boolean withholdsInput;

    TerminalOutput(PrintStream out, PrintStream err, Screen screen) {
        this.out = out;
        this.err = err;
        this.screen = screen;
    }

    @Override
    public synchronized void stdout(String text) {
        flow(out, text, true);
    }

    @Override
    public synchronized void stderr(String text) {
        flow(err, text, screen.showsErrors());
    }

    /** @param onScreen whether the stream ends where this output draws */
    private void flow(PrintStream stream, String text, boolean onScreen) {
        if (text.isEmpty()) {
            return;
        }
        if (!onScreen) {
            stream.print(text);
            stream.flush();
            return;
        }
        String erase = erase();
        int lineStart = text.lastIndexOf('\n') + 1;
        open = lastWritten(lineStart > 0 ? text.substring(lineStart) : open + text);
        if (stream == out) {
            emit(out, erase + text + draw());
        } else {
            emit(out, erase);
            emit(stream, text);
            emit(out, draw());
        }
    }

    /** Progress bars write over one line again and again; of that, and of endless lines, the end will do. */
    private static String lastWritten(String line) {
        int over = line.stripTrailing().lastIndexOf('\r');
        String end = over > 0 ? line.substring(over) : line;
        return end.substring(Math.max(0, end.length() - MOST_OPEN));
    }

    private static void emit(PrintStream stream, String text) {
        if (!text.isEmpty()) {
            stream.print(text);
        }
        stream.flush();
    }

    @Override
    public synchronized void display(Rendered rendered) {
        emit(out, finished() + freshLine() + lines(rendered));
        open = "";
    }

    @Override
    public synchronized Display live(Rendered rendered) {
        var display = new LiveDisplay(rendered);
        String erase = erase();
        live.add(display);
        emit(out, erase + draw());
        return display;
    }

    @Override
    public boolean changesInPlace() {
        return screen.hasCursor();
    }

    /** Ends what was still changing; call at the end of a cell. The next thing begins a line on a terminal. */
    synchronized void settle() {
        emit(out, finished());
        if (screen.hasCursor()) {
            emit(out, freshLine());
            open = "";
        }
    }

    /** A failure as a user sees it, on standard error. */
    synchronized void failure(CellResult.Failed failed) {
        settle();
        List<String> lines = failed.details().isEmpty() ? List.of(failed.message()) : failed.details();
        var text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            boolean red = screen.hasColour() && screen.showsErrors() && i == 0;
            text.append(red ? RED + line + PLAIN : line).append('\n');
        }
        stderr(text.toString());
    }

    /** The terminal itself has shown this for a key: what comes next begins a line of its own. */
    synchronized void keyShown(String text) {
        open += screen.hasCursor() ? text : "";
    }

    @Override
    public Optional<String> ask(String prompt, boolean password) {
        settle();
        return screen.ask(prompt, password);
    }

    @Override
    public int columns() {
        return screen.columns();
    }

    @Override
    public InputStream stdin() {
        return withholdsInput ? ProcessIo.NO_INPUT : screen.stdin();
    }

    /** The input holds the cells themselves: none of it is for their commands. */
    void withholdInput() {
        withholdsInput = true;
    }

    @Override
    public synchronized boolean lendTerminal() {
        settle();
        lent = screen.canBeLent();
        return lent;
    }

    @Override
    public boolean withRawTerminal(RawTerminal.Work work) throws IOException {
        if (!lendTerminal()) {
            return false;
        }
        try {
            return screen.withRawTerminal(work);
        } finally {
            takeTerminalBack();
        }
    }

    @Override
    public synchronized void takeTerminalBack() {
        lent = false;
        emit(out, freshRow());
        open = "";
    }

    /**
     * Begins a line wherever a program has left the cursor, which only the terminal knows: a row of blanks goes over into
     * the next line unless it began at the edge, where it leaves nothing behind.
     */
    private String freshRow() {
        return " ".repeat(Math.max(1, screen.columns())) + "\r\u001b[K";
    }

    /** Whether a program has the terminal now, and with it the keys. */
    synchronized boolean isLent() {
        return lent;
    }

    // What changes in place.

    /** Takes what is drawn off the screen; the cursor then stands behind the open text again. */
    private String erase() {
        if (drawn.isEmpty()) {
            return "";
        }
        int columns = Math.max(1, screen.columns());
        int up = drawn.stream().mapToInt(line -> ScreenText.rows(line, columns)).sum();
        drawn = List.of();
        return "\r\u001b[" + up + "A\u001b[0J" + open;
    }

    /** Puts what changes below the open text. */
    private String draw() {
        if (live.isEmpty() || !screen.hasCursor()) {
            return "";
        }
        int columns = Math.max(1, screen.columns());
        int room = screen.rows() - 1 - (open.isEmpty() ? 0 : ScreenText.rows(open, columns));
        List<String> lines =
                live.stream().flatMap(d -> lines(d.current).lines()).toList();
        int from = lines.size();
        while (from > 0 && room >= ScreenText.rows(lines.get(from - 1), columns)) {
            from--;
            room -= ScreenText.rows(lines.get(from), columns);
        }
        lines = lines.subList(from, lines.size());
        var all = new ArrayList<String>(open.isEmpty() ? List.of() : List.of(open));
        all.addAll(lines);
        drawn = List.copyOf(lines.isEmpty() ? List.of() : all);
        return lines.isEmpty() ? "" : freshLine() + String.join("\n", lines) + "\n";
    }

    /** What changed, in its last form; from here on it is text like all other. */
    private String finished() {
        if (live.isEmpty()) {
            return "";
        }
        var text = new StringBuilder(erase());
        text.append(freshLine());
        live.forEach(display -> text.append(lines(display.current)));
        live.clear();
        open = "";
        return text.toString();
    }

    private String freshLine() {
        return open.isEmpty() ? "" : "\n";
    }

    /** The text as the screen can show it, each line with its newline. */
    private String lines(Rendered rendered) {
        String text = screen.hasColour() ? rendered.form(Rendered.ANSI).orElseGet(rendered::text) : rendered.text();
        return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
    }

    private final class LiveDisplay implements Display {
        private Rendered current;

        LiveDisplay(Rendered rendered) {
            current = rendered;
        }

        /** What comes after the display had ended makes it live again: its last form is never lost. */
        @Override
        public void update(Rendered rendered) {
            synchronized (TerminalOutput.this) {
                current = rendered;
                String erase = erase();
                if (!live.contains(this)) {
                    live.add(this);
                }
                emit(out, erase + draw());
            }
        }
    }
}
