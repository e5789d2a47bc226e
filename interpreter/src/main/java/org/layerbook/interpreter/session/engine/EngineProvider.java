package org.layerbook.interpreter.session.engine;

import java.io.IOException;
import java.util.List;
import org.layerbook.engine.Engine;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.interpreter.shim.ShimPlace;

/** Where a session gets its engine: late, so that a prompt or a kernel answers before the store is open. Thread-safe. */
public interface EngineProvider extends AutoCloseable {
    /**
     * Opens store, snapshots and sandbox. Asked once, at the first cell that needs them; asked again after a failure.
     *
     * @throws IOException the message is a sentence for a user
     */
    Engine open() throws IOException;

    HostCommands host();

    /** The {@code docker} that host commands find. */
    ShimPlace shim();

    /** Names of stored images that begin with {@code prefix}, for completion: no effect, fast, empty when unsure. */
    List<String> imageNames(String prefix);

    /** Closes what {@link #imageNames} has opened; the engine is closed by who has opened it. */
    @Override
    void close();
}
