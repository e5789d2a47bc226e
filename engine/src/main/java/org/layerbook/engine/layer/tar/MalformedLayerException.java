package org.layerbook.engine.layer.tar;

/** A tar is not well formed, or asks for what no layer may do. The message is a sentence for a user. */
public final class MalformedLayerException extends ArchiveException {
    private static final long serialVersionUID = 1L;

    public MalformedLayerException(String message) {
        super(message);
    }

    MalformedLayerException(String message, Throwable cause) {
        super(message, cause);
    }
}
