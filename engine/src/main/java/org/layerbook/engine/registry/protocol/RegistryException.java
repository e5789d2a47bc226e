package org.layerbook.engine.registry.protocol;

import java.io.IOException;

/** A registry that did not do what was asked. The message is a sentence for the user, and never holds a secret. */
public final class RegistryException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    /** What sort of failure, for those who try something else then. */
    public enum Kind {
        /** No credentials, or wrong ones. */
        UNAUTHORIZED,
        /** The credentials do not suffice. */
        DENIED,
        NOT_FOUND,
        RATE_LIMITED,
        /** No connection, no answer in time, or an answer of 5xx to the last try. */
        UNREACHABLE,
        /** What came is not what the digest or the size says, or cannot be read. */
        REFUSED
    }

    public RegistryException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public RegistryException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
