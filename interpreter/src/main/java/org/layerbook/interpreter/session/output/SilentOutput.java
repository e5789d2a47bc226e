package org.layerbook.interpreter.session.output;

import java.util.Optional;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.Rendered;

/** Shows nothing: for cells that run again only to bring the state up to date. */
public record SilentOutput(int columns) implements CellOutput {
    @Override
    public void stdout(String text) {}

    @Override
    public void stderr(String text) {}

    @Override
    public void display(Rendered rendered) {}

    @Override
    public Display live(Rendered rendered) {
        return changed -> {};
    }

    @Override
    public Optional<String> ask(String prompt, boolean password) {
        return Optional.empty();
    }
}
