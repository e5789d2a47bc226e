package org.layerbook.engine.image;

import java.io.IOException;

/** Protection from the collector. A lease ends when it is closed or when the process that holds it dies. */
public interface Leases {
    /**
     * For something that makes content: a step, a pull, a load, a save. Besides what it keeps by name, nothing that was
     * made or claimed since it began is collected while it is open.
     *
     * @param purpose for people: {@code docker load}
     */
    Lease operation(String purpose) throws IOException;

    /** For what lives long: a session keeps the layers that its checkpoints stand on. Keeps what it names, no more. */
    Lease session(String purpose) throws IOException;
}
