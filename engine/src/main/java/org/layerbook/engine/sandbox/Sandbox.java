package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.ProcessIo;

/**
 * Runs one process in a root file system. Adapters: an OCI runtime, and the fallbacks without one.
 *
 * <p>{@link #run} blocks until the process and everything it started is gone and all its output has been handed over.
 * {@link Cancellation#cancel()} (from any thread) kills the whole process tree; {@code run} then returns
 * {@link ExitStatus#cancelled()}. Nothing of a run is left behind: no process, mount or bundle.
 */
public interface Sandbox {
    /**
     * @throws SandboxException when the process could not be started (a missing program is an exit status, 127 or 126, as
     *     docker has it); says why and what to do
     */
    ExitStatus run(ProcessSpec spec, ProcessIo io, Cancellation cancellation) throws SandboxException, IOException;

    /** One line for {@code layerbook doctor} and {@code docker info}: {@code "runc 1.1.5"}, and what is weaker. */
    String description();

    /** What does not hold here that a RUN can rely on under docker, one sentence; empty where all does. */
    default Optional<String> weaker() {
        return Optional.empty();
    }
}
