package org.layerbook.interpreter;

import java.util.List;

/** How a cell ended. What it shows has gone to {@link CellOutput} already. */
public sealed interface CellResult {
    record Ok() implements CellResult {}

    /**
     * @param name the kind of error, in words: {@code RUN failed}, {@code Dockerfile error}, {@code No such image}, {@code Interrupted}
     * @param message one sentence
     * @param details lines as a user should see them (place, caret, last output), without colour
     * @param exitStatus for a process: 1..255
     */
    record Failed(String name, String message, List<String> details, int exitStatus) implements CellResult {}
}
