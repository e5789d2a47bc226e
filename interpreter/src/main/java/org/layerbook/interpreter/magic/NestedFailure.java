package org.layerbook.interpreter.magic;

import org.layerbook.interpreter.CellResult;

/** A part of a cell failed. A magic that lets it pass makes it the cell's own failure. */
public final class NestedFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient CellResult.Failed failed;

    public NestedFailure(CellResult.Failed failed) {
        super(failed.message());
        this.failed = failed;
    }

    public CellResult.Failed failed() {
        return failed;
    }
}
