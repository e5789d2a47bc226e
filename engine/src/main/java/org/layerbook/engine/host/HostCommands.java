package org.layerbook.engine.host;

import java.io.IOException;
import java.util.Map;
import org.layerbook.engine.concurrent.Cancellation;

/**
 * Runs what acts as the user: {@code !}, {@code %%bash}, git, ssh, credential helpers, the editor. It runs outside the
 * namespaces of Layerbook, with the user's own identity, processes and mounts. Thread-safe; commands may run side by
 * side. What a command leaves running in its process group ends with Layerbook.
 */
public interface HostCommands {
    /**
     * Blocks until the program has ended and its output up to then has been handed over. A program without input reads
     * an end of file, not the terminal, so nothing waits for keys. Cancelling kills its whole process group. 127 when the
     * program is not found, 126 when it cannot be executed, 128 + n after signal n.
     *
     * @throws IOException when it could not be started at all, with a sentence why
     */
    ExitStatus run(HostCommand command, ProcessIo io, Cancellation cancellation) throws IOException;

    /**
     * As {@link #run}, but on the terminal that Layerbook was started from, for editors and pagers; only where
     * {@link #hasTerminal()}. Nobody else may read the terminal meanwhile.
     */
    ExitStatus runOnTerminal(HostCommand command, Cancellation cancellation) throws IOException;

    /** Whether {@link #runOnTerminal} has a terminal to run on. */
    boolean hasTerminal();

    /** The user's environment when Layerbook was started, {@code HOME} and {@code PATH} among it. */
    Map<String, String> environment();

    /** One line for {@code layerbook doctor}. */
    String description();
}
