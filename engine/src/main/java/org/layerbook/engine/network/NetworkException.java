package org.layerbook.engine.network;

import java.io.IOException;

/** Something that cannot be done with a network. The message is docker's sentence where it has one. */
public final class NetworkException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean missing;

    NetworkException(String message) {
        this(message, false);
    }

    private NetworkException(String message, boolean missing) {
        super(message);
        this.missing = missing;
    }

    static NetworkException missing(String name) {
        return new NetworkException("network " + name + " not found", true);
    }

    /** Whether there is no such network. */
    public boolean isMissing() {
        return missing;
    }
}
