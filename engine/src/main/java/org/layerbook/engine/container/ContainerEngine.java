package org.layerbook.engine.container;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.container.state.ContainerSpec;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.container.state.NetworkMode;
import org.layerbook.engine.container.state.NetworkPlace;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.HostProc;
import org.layerbook.engine.host.Isolation;
import org.layerbook.engine.image.GcRoot;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Lease;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.network.Network;
import org.layerbook.engine.network.NetworkException;
import org.layerbook.engine.network.Networks;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.Reference;
import org.layerbook.engine.sandbox.OciRuntime;
import org.layerbook.engine.sandbox.Privileges;
import org.layerbook.engine.sandbox.selection.Sandboxes;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/** The containers of a store, and what runs them on this machine. Nothing is begun before it is asked for. */
public final class ContainerEngine implements AutoCloseable {
    private final Store store;
    private final Snapshots snapshots;
    private final Optional<OciRuntime> oci;
    private final Map<String, String> environment;
    private final HostCommands host;
    private final Optional<HostProc> proc;
    private final Containers containers;
    private final Networks networks;
    private final Volumes volumes;
    private final FileAccess access;
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
        this.networks = new Networks(store);
        this.volumes = new Volumes(store, containers);
        this.access = new FileAccess(store, snapshots, containers, proc);
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

    public Networks networks() {
        return networks;
    }

    /** The running containers in a network. */
    public List<Container> in(Network network) throws IOException {
        return containers.list().stream()
                .filter(container ->
                        container.state().isRunning() && network.name().equals(networkOf(container)))
                .toList();
    }

    /** The name of the bridge a container is in; empty where it is in none. */
    public static String networkOf(Container container) {
        return switch (container.spec().host().network()) {
            case NetworkMode.Default _ -> Network.DEFAULT;
            case NetworkMode.Named named -> named.name();
            case NetworkMode.Host _, NetworkMode.None _, NetworkMode.OfContainer _ -> "";
        };
    }

    /** The address of a running container. */
    public Optional<String> address(Container container, Network network) {
        return container
                .place()
                .filter(place -> place.network().equals(network.name()))
                .map(NetworkPlace::address);
    }

    /** @throws NetworkException with docker's sentence, where containers are in it */
    public void removeNetwork(Network network) throws IOException {
        List<Container> members = in(network);
        if (!members.isEmpty()) {
            throw NetworkException.inUse(
                    network,
                    members.stream()
                            .map(container -> "name:\"" + container.name() + "\" id:\"" + container.shortId() + "\"")
                            .toList());
        }
        networks.remove(network);
    }

    public Containers containers() {
        return containers;
    }

    public Volumes volumes() {
        return volumes;
    }

    /** A new container with its volumes. @param name absent for one that nobody has chosen */
    public Container create(ContainerSpec spec, Optional<String> name) throws IOException {
        // What it stands on must not be collected before it holds it itself.
        try (Lease lease = store.leases().operation("docker create")) {
            lease.keep(GcRoot.blob(spec.image()));
            if (spec.chain().isPresent()) {
                lease.keep(GcRoot.chain(spec.chain().get()));
            }
            return new NewContainer(containers, volumes, snapshots).create(spec, name);
        }
    }

    /** Its files as its processes see them. @param shown what the user calls it */
    public ContainerFiles files(Container container, String shown) throws IOException {
        return access.open(container, shown);
    }

    /** The files of an image. */
    public ContainerFiles imageFiles(Optional<Digest> chain, String shown) throws IOException {
        return access.ofImage(chain, shown);
    }

    /** What a container has changed of its image's files, as docker lists it. */
    public LayerChanges differences(Container container) throws IOException {
        return access.differences(container);
    }

    /** Bytes of the files that it has made or changed. */
    public long size(Container container) throws IOException {
        return differences(container).changes().stream()
                .filter(change -> change.kind() != LayerChanges.Kind.DELETED)
                .mapToLong(LayerChanges.Change::size)
                .sum();
    }

    /** Its root file system as a tar, without what is mounted in it. */
    public void export(Container container, OutputStream out) throws IOException {
        boolean mounted = containers.refresh(container).state().isRunning();
        access.export(container, out, mounted ? Optional.of(runtime().root(container)) : Optional.empty());
    }

    /** A new image of a container's files, listed under {@code name}. */
    public Image commit(Container container, ContainerCommit what, Optional<Reference> name) throws IOException {
        boolean pause = what.pause() && containers.refresh(container).state().isRunning();
        try (Lease _ = store.leases().operation("docker commit")) {
            Snapshots.Committed committed =
                    pause ? runtime().paused(container, () -> access.commit(container)) : access.commit(container);
            Image image =
                    what.image(container, store.images().get(container.spec().image()), committed);
            store.images().put(image);
            if (name.isPresent()) {
                store.names().set(name.get().tagged(), image.id());
            }
            return image;
        }
    }

    /** The tree of what a container has changed; empty for one that was never started, and where changes are not kept apart. */
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
        return new ContainerRuntime(new ContainerServices(
                store,
                snapshots,
                containers,
                oci.get(),
                conmon.getFirst(),
                privileges,
                proc.get(),
                keeper,
                host,
                volumes,
                NetworkPrograms.find(environment)));
    }

    /** Where nothing runs any more, nothing stays that held it. */
    @Override
    public void close() throws IOException {
        if (runtime.isPresent()
                && containers.list().stream()
                        .noneMatch(container -> container.state().isRunning())) {
            runtime.get().end();
        }
    }

    private static ContainerException impossible(String why) {
        return new ContainerException(Kind.SYSTEM, "containers cannot run here: " + why);
    }
}
