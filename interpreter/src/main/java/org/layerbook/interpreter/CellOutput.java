package org.layerbook.interpreter;

import java.util.Optional;

/**
 * Where a running cell shows things. Thread-safe; calls keep their order. {@code stdout} and {@code stderr} are text
 * streams (of processes and of commands that print); {@code display} is a rich result.
 */
public interface CellOutput {
    void stdout(String text);

    void stderr(String text);

    void display(Rendered rendered);

    /** Shows {@code rendered} and gives a handle to change it in place. */
    Display live(Rendered rendered);

    /** Asks the person for a line; empty where asking is not possible, so that the caller can refuse with a sentence. */
    Optional<String> ask(String prompt, boolean password);

    /** How wide text may be, in columns. */
    int columns();

    /** Something shown that can still change. The front-end may merge changes that come faster than it can show. */
    interface Display {
        void update(Rendered rendered);
    }
}
