package org.layerbook.engine.image;

import java.io.IOException;
import java.util.Optional;

/**
 * Locks by name between all threads of all processes that use the store. A lock is let go when it is closed, or when the
 * process that holds it dies. Taking a lock that one holds already waits for ever: they are not reentrant.
 *
 * <p>Where several are needed: in the order that docs/concurrency.md gives.
 */
public interface StoreLocks {
    /**
     * Waits until nobody else holds {@code name}.
     *
     * @param name any text, such as {@code build sha256:…}
     * @throws java.io.InterruptedIOException when the thread was interrupted while waiting; its flag is set again
     */
    Held lock(String name) throws IOException;

    /** As {@link #lock}, but any number may share it; who locks it waits for all of them. */
    Held share(String name) throws IOException;

    /** The lock if nobody holds it now. */
    Optional<Held> tryLock(String name) throws IOException;

    /** May be closed by any thread, and twice. */
    interface Held extends AutoCloseable {
        @Override
        void close() throws IOException;
    }
}
