package org.layerbook.interpreter.magic;

import java.util.List;

/** The cell that a magic stands in: runs more as a part of it. */
public interface CellPort {
    /**
     * Runs text as a part of this cell.
     *
     * @param line of the cell at which it begins, from 1
     * @throws NestedFailureException when it failed; what it did before stands
     */
    void run(String code, int line) throws NestedFailureException;

    /** The same, and what it shows is not shown. @return what it printed and displayed, as text */
    String capture(String code, int line) throws NestedFailureException;

    /** Runs a docker command. @param words without {@code docker}. @return the exit status */
    int docker(List<String> words, String stdin) throws MagicException;
}
