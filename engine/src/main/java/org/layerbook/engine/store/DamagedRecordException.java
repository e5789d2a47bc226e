package org.layerbook.engine.store;

/** One small file of the store is not what was written there. The message names it and says what can be done. */
final class DamagedRecordException extends StoreException {
    private static final long serialVersionUID = 1L;

    DamagedRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
