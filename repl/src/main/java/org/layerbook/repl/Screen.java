package org.layerbook.repl;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.interpreter.RawTerminal;

/** What an output is shown on, and who sits before it. Thread-safe. */
interface Screen {
    /** Whether what was printed can be changed: a terminal with a cursor. Else text only goes on, as in a pipe. */
    boolean hasCursor();

    boolean hasColour();

    /** Whether a user sits there: reads what is shown and types what is read. */
    default boolean isUsers() {
        return false;
    }

    /** Whether standard error is the same screen. */
    boolean showsErrors();

    /** How wide it is now, in columns. */
    int columns();

    /** How high it is now, in rows. */
    int rows();

    /** Asks the user for a line; empty where nobody can answer. */
    Optional<String> ask(String prompt, boolean password);

    /** What the user has piped in for the commands of a cell. */
    default InputStream stdin() {
        return ProcessIo.NO_INPUT;
    }

    /** Whether a program may have this terminal, its keys included, while a cell runs. */
    default boolean canBeLent() {
        return false;
    }

    /** Gives {@code work} the terminal. @return false where there is none, or it cannot be lent */
    default boolean withRawTerminal(RawTerminal.Work work) throws IOException {
        return false;
    }
}
