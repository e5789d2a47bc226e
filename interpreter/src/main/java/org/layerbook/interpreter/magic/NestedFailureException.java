package org.layerbook.interpreter.magic;

import org.layerbook.interpreter.CellResult;

/** A part of a cell failed. A magic that lets it pass makes it the cell's own failure. */
public final class NestedFailureException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient CellResult.Failed failed;

    public NestedFailureException(CellResult.Failed failed) {
        super(failed.message());
        this.failed = failed;
    }

    public CellResult.Failed failed() {
        return failed;
    }
}
