package org.layerbook.engine.layer.tar;

import java.io.IOException;

/** An archive that cannot be taken. The message is one sentence for the user. */
public sealed class ArchiveException extends IOException permits MalformedLayerException {
    private static final long serialVersionUID = 1L;

    public ArchiveException(String message) {
        super(message);
    }

    public ArchiveException(String message, Throwable cause) {
        super(message, cause);
    }
}
