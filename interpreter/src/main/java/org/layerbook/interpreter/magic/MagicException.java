package org.layerbook.interpreter.magic;

import java.util.Optional;

/** A magic that could not do what it was asked. */
public final class MagicException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;
    private final int exitStatus;

    public MagicException(String message) {
        this(message, "", 1);
    }

    public MagicException(String message, String hint) {
        this(message, hint, 1);
    }

    /** @param hint what would be right; may be empty */
    public MagicException(String message, String hint, int exitStatus) {
        super(message);
        this.hint = hint;
        this.exitStatus = exitStatus;
    }

    /** Something below failed in a way that says more itself. */
    public MagicException(Exception cause) {
        super(cause.getMessage(), cause);
        this.hint = "";
        this.exitStatus = 1;
    }

    public Optional<String> hint() {
        return hint.isEmpty() ? Optional.empty() : Optional.of(hint);
    }

    public int exitStatus() {
        return exitStatus;
    }
}
