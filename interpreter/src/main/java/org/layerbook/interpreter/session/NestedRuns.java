package org.layerbook.interpreter.session;

import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.magic.NestedFailureException;
import org.layerbook.interpreter.session.history.Checkpoint;

/** How a magic runs more cells as a part of the one that it stands in. */
interface NestedRuns {
    /** @param line of the cell at which the text begins, from 1 */
    CellResult run(String code, int line);

    /** Runs a cell of before again; it gets a checkpoint of its own. */
    void replay(Checkpoint.Ran cell) throws NestedFailureException;
}
