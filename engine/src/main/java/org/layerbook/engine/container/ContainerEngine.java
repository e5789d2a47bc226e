package org.layerbook.engine.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.container.ContainerException.Kind;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.HostProc;
import org.layerbook.engine.host.Isolation;
import org.layerbook.engine.sandbox.OciRuntime;
import org.layerbook.engine.sandbox.Privileges;
import org.layerbook.engine.sandbox.selection.Sandboxes;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/** The containers of a store, and what runs them on this machine. Nothing is begun before it is asked for. */
public final class ContainerEngine {
    private final Store store;
    private final Snapshots snapshots;
    private final Optional<OciRuntime> oci;
    private final Map<String, String> environment;
    private final HostCommands host;
    private final Optional<HostProc> proc;
    private final Containers containers;
    private Optional<ContainerRuntime> runtime = Optional.empty();

    /**
     * @param oci the OCI runtime that works here
     * @param environment of this process
     */
    public ContainerEngine(
            Store store,
            Snapshots snapshots,
            Optional<OciRuntime> oci,
            Map<String, String> environment,
            HostCommands host) {
        this.store = store;
        this.snapshots = snapshots;
        this.oci = oci;
        this.environment = environment;
        this.host = host;
        this.proc = HostProc.of(environment);
        this.containers = new Containers(store, proc);
    }

    /** Where none can run. */
    public static ContainerEngine withoutRuntime(Store store, Snapshots snapshots) {
        return new ContainerEngine(
                store,
                snapshots,
                Optional.empty(),
                Map.of(),
                Isolation.of(Map.of()).hostCommands());
    }

    public Containers containers() {
        return containers;
    }

    /**
     * The tree of what a container has changed, in the form of an overlay's upper directory; empty for one that was never started,
     * and where changes are not kept apart.
     */
    public Optional<Path> changes(Container container) throws IOException {
        Path place = containers.folder(container).file("root");
        return Files.isDirectory(place)
                ? snapshots.durable(container.spec().chain(), place).changes()
                : Optional.empty();
    }

    /** Where a container's root file system is once it is mounted. */
    public Path root(Container container) {
        return containers.folder(container).file("root").resolve("root");
    }

    /** What holds root file systems. */
    public String driver() {
        return snapshots.driver();
    }

    /** @throws ContainerException with what is missing, where no container can run here */
    public synchronized ContainerRuntime runtime() throws IOException {
        if (runtime.isEmpty()) {
            runtime = Optional.of(open());
        }
        return runtime.get();
    }

    private ContainerRuntime open() throws IOException {
        if (oci.isEmpty()) {
            throw impossible("no OCI runtime works here (`layerbook doctor` says why)");
        }
        Isolation isolation = Isolation.of(environment);
        if (proc.isEmpty() || isolation.directory().isEmpty()) {
            throw impossible("this process was not started by `layerbook`");
        }
        if (isolation.apart() == Isolation.Apart.IDS || isolation.mode() == Isolation.Mode.SINGLE) {
            throw impossible(
                    "they need " + (isolation.mode() == Isolation.Mode.SINGLE ? "a range of user ids" : "mounts")
                            + ", which this session has not (`layerbook doctor` says why)");
        }
        List<Path> conmon = Sandboxes.find("conmon", environment);
        if (conmon.isEmpty()) {
            throw impossible("conmon is not installed (package conmon)");
        }
        Privileges privileges = Privileges.current();
        var keeper = new Keeper(store, host, proc.get(), privileges, environment);
        return new ContainerRuntime(
                store, snapshots, containers, oci.get(), conmon.getFirst(), privileges, proc.get(), keeper, host);
    }

    private static ContainerException impossible(String why) {
        return new ContainerException(Kind.SYSTEM, "containers cannot run here: " + why);
    }
}
