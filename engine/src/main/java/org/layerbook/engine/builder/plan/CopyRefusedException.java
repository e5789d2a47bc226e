package org.layerbook.engine.builder.plan;

import java.io.IOException;

/** A copy that cannot be made because of what is there, not because of the machine. The message is BuildKit's. */
public final class CopyRefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    public CopyRefusedException(String message) {
        super(message);
    }
}
