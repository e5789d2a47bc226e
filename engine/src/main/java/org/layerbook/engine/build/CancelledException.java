package org.layerbook.engine.build;

import java.io.IOException;
import org.layerbook.engine.sandbox.Cancellation;

/** Work that stopped half-way because it was asked to. */
final class CancelledException extends IOException {
    private static final long serialVersionUID = 1L;

    CancelledException() {
        super("cancelled");
    }

    static void check(Cancellation cancellation) throws CancelledException {
        if (cancellation.isCancelled()) {
            throw new CancelledException();
        }
    }
}
