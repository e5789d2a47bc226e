package org.layerbook.interpreter.session.output;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.RawTerminal;
import org.layerbook.interpreter.Rendered;

/** The output of a cell, which can be kept from its reader while a part of the cell runs. */
public final class CapturableOutput implements CellOutput {
    private final CellOutput shown;
    /** What is being captured, the innermost last; each part is known in full only at the end. */
    private final Deque<List<Supplier<String>>> captures = new ArrayDeque<>();

    public CapturableOutput(CellOutput shown) {
        this.shown = shown;
    }

    public synchronized void beginCapture() {
        captures.addLast(new ArrayList<>());
    }

    /** @return what has been printed and displayed since {@link #beginCapture} */
    public synchronized String endCapture() {
        return captures.removeLast().stream().map(Supplier::get).collect(Collectors.joining());
    }

    private synchronized boolean captured(Supplier<String> text) {
        if (captures.isEmpty()) {
            return false;
        }
        captures.getLast().add(text);
        return true;
    }

    private synchronized boolean isCapturing() {
        return !captures.isEmpty();
    }

    @Override
    public void stdout(String text) {
        if (!captured(() -> text)) {
            shown.stdout(text);
        }
    }

    @Override
    public void stderr(String text) {
        if (!isCapturing()) {
            shown.stderr(text);
        }
    }

    @Override
    public void display(Rendered rendered) {
        if (!captured(() -> lines(rendered))) {
            shown.display(rendered);
        }
    }

    @Override
    public Display live(Rendered rendered) {
        var last = new Last(rendered);
        return captured(() -> lines(last.rendered)) ? last : shown.live(rendered);
    }

    private static String lines(Rendered rendered) {
        String text = rendered.text();
        return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
    }

    private static final class Last implements Display {
        private volatile Rendered rendered;

        Last(Rendered rendered) {
            this.rendered = rendered;
        }

        @Override
        public void update(Rendered changed) {
            rendered = changed;
        }
    }

    @Override
    public boolean changesInPlace() {
        return isCapturing() || shown.changesInPlace();
    }

    @Override
    public Optional<String> ask(String prompt, boolean password) {
        return shown.ask(prompt, password);
    }

    @Override
    public boolean takesLines() {
        return !isCapturing() && shown.takesLines();
    }

    @Override
    public void withdrawQuestion() {
        shown.withdrawQuestion();
    }

    @Override
    public int columns() {
        return shown.columns();
    }

    @Override
    public boolean unfolds() {
        return !isCapturing() && shown.unfolds();
    }

    @Override
    public InputStream stdin() {
        return isCapturing() ? ProcessIo.NO_INPUT : shown.stdin();
    }

    @Override
    public boolean lendTerminal() {
        return !isCapturing() && shown.lendTerminal();
    }

    @Override
    public boolean withRawTerminal(RawTerminal.Work work) throws IOException {
        return !isCapturing() && shown.withRawTerminal(work);
    }

    @Override
    public void takeTerminalBack() {
        shown.takeTerminalBack();
    }
}
