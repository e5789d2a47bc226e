package org.layerbook.engine.builder.step;

import java.io.IOException;
import org.layerbook.engine.concurrent.Cancellation;

/** Work that stopped half-way because it was asked to. */
public final class CancelledException extends IOException {
    private static final long serialVersionUID = 1L;

    public CancelledException() {
        super("cancelled");
    }

    public static void check(Cancellation cancellation) throws CancelledException {
        if (cancellation.isCancelled()) {
            throw new CancelledException();
        }
    }
}
