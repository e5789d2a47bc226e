package org.layerbook.interpreter;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.layerbook.engine.host.ProcessIo;

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

    /**
     * Whether what {@link #live} shows is seen while it changes. Else (a file, a pipe) only its last state is, and whoever
     * has steps to tell of had better say each once.
     */
    default boolean changesInPlace() {
        return true;
    }

    /** Asks the user for a line; empty where asking is not possible, so that the caller can refuse with a sentence. */
    Optional<String> ask(String prompt, boolean password);

    /**
     * Whether a process may ask for lines of input by {@link #ask} while it prints, for as long as it likes: the question can be taken
     * back by {@link #withdrawQuestion}.
     */
    default boolean takesLines() {
        return false;
    }

    /** Has {@link #ask} return without an answer, on whatever thread. */
    default void withdrawQuestion() {}

    /** How wide text may be, in columns. */
    int columns();

    /**
     * Whether the user can unfold what a page folds. Where not, only text counts: detail that nobody sees is not worth
     * gathering, and long output is not folded away.
     */
    default boolean unfolds() {
        return false;
    }

    /**
     * What docker and host commands of the cell read as their standard input; at its end at once where the front-end was given
     * none. Whoever reads it does not close it.
     */
    default InputStream stdin() {
        return ProcessIo.NO_INPUT;
    }

    /**
     * Makes way for a program that takes the terminal, such as an editor: until the cell shows something again, the
     * front-end neither draws nor reads, and leaves Ctrl-C to the program. Call {@link #takeTerminalBack} when it has ended.
     *
     * @return false where the user sits at no terminal; nothing has changed then
     */
    default boolean lendTerminal() {
        return false;
    }

    /**
     * Gives {@code work} the terminal, and takes it back afterwards.
     *
     * @return false where the user sits at no terminal; {@code work} was not done then
     */
    default boolean withRawTerminal(RawTerminal.Work work) throws IOException {
        return false;
    }

    /** Ends what {@link #lendTerminal} began. */
    default void takeTerminalBack() {}

    /** Something shown that can still change. The front-end may merge changes that come faster than it can show. */
    interface Display {
        void update(Rendered rendered);
    }
}
