package org.layerbook.engine.network;

import java.io.IOException;
import java.util.List;

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

    /** @param members as docker names them */
    public static NetworkException inUse(Network network, List<String> members) {
        return new NetworkException("error while removing network: network " + network.name()
                + " has active endpoints (" + String.join(", ", members) + ")");
    }

    /** Whether there is no such network. */
    public boolean isMissing() {
        return missing;
    }
}
