package org.layerbook.engine.dockerfile.expand;

/** A word that cannot be expanded: an open quote, a bad {@code ${…}}, or a variable that {@code ${x:?}} demands. */
public final class ExpansionException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message BuildKit's sentence, {@code failed to process "…": …} */
    public ExpansionException(String message) {
        super(message);
    }
}
