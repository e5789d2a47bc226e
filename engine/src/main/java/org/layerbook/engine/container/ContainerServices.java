package org.layerbook.engine.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.HostProc;
import org.layerbook.engine.sandbox.OciRuntime;
import org.layerbook.engine.sandbox.Privileges;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/**
 * What containers run with.
 *
 * @param conmon the program
 * @param networkPrograms absent where there are no networks but the host's
 */
public record ContainerServices(
        Store store,
        Snapshots snapshots,
        Containers containers,
        OciRuntime runtime,
        Path conmon,
        Privileges privileges,
        HostProc proc,
        Keeper keeper,
        HostCommands host,
        Volumes volumes,
        Optional<NetworkPrograms> networkPrograms) {
    /** Where the OCI runtime keeps its own records. */
    Path state() throws IOException {
        return Files.createDirectories(store.home().resolve("containers").resolve(".state"));
    }
}
