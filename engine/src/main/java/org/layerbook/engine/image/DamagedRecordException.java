package org.layerbook.engine.image;

/** One small file of the store is not what was written there. The message names it and says what can be done. */
public final class DamagedRecordException extends StoreException {
    private static final long serialVersionUID = 1L;

    public DamagedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
