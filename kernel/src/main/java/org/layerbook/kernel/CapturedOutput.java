package org.layerbook.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dflib.jjava.jupyter.kernel.display.DisplayData;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.Rendered;

/** Keeps what a user expression shows instead of showing it; {@code value} is what the expression stands for. */
final class CapturedOutput implements CellOutput {
    private static final int COLUMNS = 100;

    private final StringBuilder text = new StringBuilder();
    private final List<Rendered> shown = new ArrayList<>();

    @Override
    public synchronized void stdout(String more) {
        text.append(more);
    }

    @Override
    public void stderr(String more) {
        // Warnings are no part of a value.
    }

    @Override
    public synchronized void display(Rendered rendered) {
        shown.add(rendered);
    }

    @Override
    public synchronized Display live(Rendered rendered) {
        int place = shown.size();
        shown.add(rendered);
        return changed -> replace(place, changed);
    }

    private synchronized void replace(int place, Rendered changed) {
        shown.set(place, changed);
    }

    @Override
    public Optional<String> ask(String prompt, boolean password) {
        return Optional.empty();
    }

    @Override
    public int columns() {
        return COLUMNS;
    }

    /** The last thing displayed, else the text printed. */
    synchronized DisplayData value() {
        return shown.isEmpty() ? new DisplayData(text.toString().stripTrailing()) : MimeBundles.of(shown.getLast());
    }
}
