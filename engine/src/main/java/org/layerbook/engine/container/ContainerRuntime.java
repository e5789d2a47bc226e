package org.layerbook.engine.container;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.container.state.ContainerFolder;
import org.layerbook.engine.container.state.ContainerState.Running;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.container.state.NetworkMode;
import org.layerbook.engine.container.state.Signals;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.HostProc;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.engine.linux.LinuxFiles;
import org.layerbook.engine.linux.Namespaces;
import org.layerbook.engine.network.Connection;
import org.layerbook.engine.network.Networks;
import org.layerbook.engine.sandbox.OciRuntime;
import org.layerbook.engine.sandbox.Privileges;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;

/**
 * Starts and ends containers. What runs is held by conmon outside of all sessions; here is only what begins it and what speaks to it.
 * Safe between threads, sessions and processes: each container's start and end is done under its lock.
 */
public final class ContainerRuntime {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final int POLL_MS = 5;
    private static final int SIGKILL_WAIT_MS = 10_000;

    private final Store store;
    private final Snapshots snapshots;
    private final Containers containers;
    private final OciRuntime runtime;
    private final Path conmon;
    private final Privileges privileges;
    private final HostProc proc;
    private final Keeper keeper;
    private final Networks networks;
    private final Optional<NetworkPrograms> networkPrograms;
    private final Volumes volumes;
    private volatile boolean isCutOff;
    private volatile boolean isNoted;
    private final HostCommands host;

    /** @param conmon the program; @param networkPrograms absent where there are no networks but the host's */
    public ContainerRuntime(
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
        this.networks = new Networks(store);
        this.networkPrograms = networkPrograms;
        this.store = store;
        this.snapshots = snapshots;
        this.containers = containers;
        this.runtime = runtime;
        this.conmon = conmon;
        this.privileges = privileges;
        this.proc = proc;
        this.keeper = keeper;
        this.volumes = volumes;
        this.host = host;
    }

    public ContainerExec exec() throws IOException {
        return new ContainerExec(containers, oci(), runtime, privileges, keeper, host);
    }

    public ContainerProcesses processes() {
        return new ContainerProcesses(containers, proc);
    }

    public ContainerFreezer freezer() throws IOException {
        return new ContainerFreezer(containers, oci(), runtime);
    }

    public ContainerLimits limits() throws IOException {
        return new ContainerLimits(containers, oci(), runtime);
    }

    /** Runs programs of the host, as the user. */
    public HostCommands host() {
        return host;
    }

    /** Starts a container whose streams nobody follows. Nothing happens where it runs already. */
    public void start(Container container) throws IOException {
        start(container, _ -> {});
    }

    /** What is to be done when a container is there and its process does not run yet: whoever attaches then misses nothing. */
    @FunctionalInterface
    public interface BeforeStart {
        void created(ContainerFolder folder) throws IOException;
    }

    /** As above, with something to do in between. */
    public void start(Container container, BeforeStart before) throws IOException {
        try (var _ = store.locks().share(Keeper.IN_USE);
                var _ = store.locks().lock("container " + container.id())) {
            ContainerFolder folder = containers.folder(container);
            if (containers.refresh(container).state().isRunning()) {
                return;
            }
            await(() -> !isMonitored(folder), new Cancellation());
            Files.deleteIfExists(folder.file("stopping"));
            Files.deleteIfExists(folder.file("restarts"));
            Files.deleteIfExists(folder.file("policy"));
            prepare(container, folder);
            new Start(folder, before).run();
        }
    }

    private boolean isMonitored(ContainerFolder folder) {
        try {
            return folder.isMonitored(Optional.of(proc));
        } catch (IOException e) {
            return false;
        }
    }

    /** All that is on the disk for a start. */
    private void prepare(Container container, ContainerFolder folder) throws IOException {
        HostProc.Process keeping = keeper.begin();
        Path place = folder.file("root");
        if (LinuxFiles.lstatIfExists(place).isEmpty()) {
            LinuxFiles.mkdir(place, 0700);
        }
        Snapshots.Durable root = snapshots.durable(container.spec().chain(), place);
        var script = new MonitorScript(
                container,
                folder,
                runtime,
                conmon,
                state(),
                store.home().resolve("container-names"),
                containers.events());
        if (privileges.inUserNamespace()) {
            script.rootless();
        }
        if (root.changes().isPresent()) {
            script.mounted();
        }
        keeper.inside(keeping, () -> {
            root.mount();
            return null;
        });
        try {
            Optional<Path> namespace = connect(container, folder, script, keeping);
            var bundle = new ContainerBundle(
                    container, folder, privileges, runtime, keeper.seen(keeping, root.root()), namespace);
            bundle.write(root.root());
            Optional<HealthCheck> check = HealthCheck.of(container.spec().config());
            if (check.isPresent()) {
                Files.write(
                        folder.file("health.json"), bundle.process(check.get().request(), false));
                script.checked(check.get());
            }
            script.write(folder.file("monitor"));
        } catch (IOException | RuntimeException e) {
            keeper.inside(keeping, () -> {
                root.unmount();
                return null;
            });
            throw e;
        }
    }

    /** Which network namespace the container has; absent for that of the host, or for one that the runtime makes. */
    private Optional<Path> connect(
            Container container, ContainerFolder folder, MonitorScript script, HostProc.Process keeping)
            throws IOException {
        NetworkMode mode = container.spec().host().network();
        Optional<Connection> connection = Optional.empty();
        Optional<Path> namespace = Optional.empty();
        switch (mode) {
            case NetworkMode.Host _, NetworkMode.None _ -> {}
            case NetworkMode.OfContainer other -> namespace = Optional.of(namespaceOf(other.container()));
            case NetworkMode.Default _, NetworkMode.Named _ -> {
                NetworkPrograms programs = networkPrograms.orElseThrow(() -> new ContainerException(
                        Kind.SYSTEM,
                        "containers have no network of their own here: netavark is not installed (package netavark);"
                                + " --network=host or --network=none need none"));
                keeper.connect(keeping, programs);
                isCutOff = !keeper.hasWayOut();
                connection = Optional.of(new ContainerNetwork(networks, containers).prepare(container, folder));
                script.network(programs.netavark(), programs.aardvark(), networks.runFolder(), keeping.pid());
                namespace = Optional.of(folder.file("netns"));
            }
        }
        ContainerNetwork.etcFiles(container, folder, connection);
        return namespace;
    }

    /** What containers on a bridge lack here, a sentence; only once, and empty where they lack nothing. */
    public Optional<String> note() {
        if (!isCutOff || isNoted) {
            return Optional.empty();
        }
        isNoted = true;
        return Optional.of(
                "containers cannot reach other machines from here: slirp4netns is not installed, or this user"
                        + " cannot open /dev/net/tun; --network=host uses the network of this machine");
    }

    /** When nothing runs any more. */
    void end() throws IOException {
        keeper.end();
    }

    private Path namespaceOf(String name) throws IOException {
        Container other = containers.get(name);
        if (!(other.state() instanceof Running running)) {
            throw new ContainerException(
                    Kind.CONFLICT, "cannot join network of a non running container: " + other.id());
        }
        return Path.of("/proc", Long.toString(running.pid()), "ns/net");
    }

    /** The OCI runtime's own records. */
    private Path state() throws IOException {
        return Files.createDirectories(store.home().resolve("containers").resolve(".state"));
    }

    /** One run of the script. */
    private final class Start {
        private final ContainerFolder folder;
        private final BeforeStart before;
        private final StringBuilder line = new StringBuilder();
        private final GoAhead goAhead = new GoAhead();
        private Optional<IOException> problem = Optional.empty();

        Start(ContainerFolder folder, BeforeStart before) {
            this.folder = folder;
            this.before = before;
        }

        void run() throws IOException {
            HostProc.Process keeping = keeper.begin();
            var errors = new java.io.ByteArrayOutputStream();
            ExitStatus status = keeper.run(
                    keeping,
                    List.of("/bin/sh", folder.file("monitor").toString(), "start", "attached"),
                    new ProcessIo(goAhead, new Lines(), errors),
                    new Cancellation());
            if (problem.isPresent()) {
                throw problem.get();
            }
            if (!status.isSuccess()) {
                throw new ContainerException(Kind.SYSTEM, "the container could not be started: " + errors);
            }
        }

        private void said(String text) {
            try {
                if (text.equals("created")) {
                    before.created(folder);
                    goAhead.give();
                } else if (text.startsWith("failed ")) {
                    problem = Optional.of(failure(text.substring("failed ".length())));
                    goAhead.give();
                }
            } catch (IOException e) {
                problem = Optional.of(e);
                goAhead.end();
            }
        }

        private final class Lines extends OutputStream {
            @Override
            public void write(int b) {
                if (b == '\n') {
                    said(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) b);
                }
            }
        }
    }

    /** @param text the status, a blank, and what conmon passes on of the runtime's words: JSON's escapes are in it */
    static ContainerException failure(String text) {
        int blank = text.indexOf(' ');
        String message = text.substring(blank + 1)
                .replace("\\n", "\n")
                .replace("\\\"", "\"")
                .replace("\\\\", "\\")
                .strip();
        return new ContainerException(
                Kind.NOT_STARTED,
                "failed to create task for container: failed to create shim task: OCI runtime create failed: " + message
                        + ": unknown",
                Integer.parseInt(text.substring(0, blank)));
    }

    /** The path of its root file system as this process sees it; only while it runs. */
    public Path root(Container container) throws IOException {
        HostProc.Process keeping = keeper.begin();
        return keeper.seen(keeping, containers.folder(container).file("root").resolve("root"));
    }

    /** Sends a signal to the first process. @param signal a number or a name, as docker takes it */
    public void kill(Container container, String signal) throws IOException {
        int number = Signals.number(signal)
                .orElseThrow(() -> new ContainerException(Kind.INVALID, "Invalid signal: " + signal));
        if (!(containers.refresh(container).state() instanceof Running)) {
            throw ContainerException.notRunning(container);
        }
        if (!Signals.exists(number)) {
            throw new ContainerException(Kind.INVALID, "the linux daemon does not support signal " + number);
        }
        Files.writeString(containers.folder(container).file("stopping"), "");
        signal(container, Integer.toString(number));
        if (number == Signals.KILL) {
            // As docker does: what nothing can refuse has happened when the command ends.
            await(() -> hasEnded(containers.folder(container)), new Cancellation(), SIGKILL_WAIT_MS);
        }
    }

    private void signal(Container container, String signal) throws IOException {
        int number = Signals.number(signal)
                .orElseThrow(() -> new ContainerException(Kind.INVALID, "Invalid signal: " + signal));
        containers.events().record(container, "kill", Map.of("signal", Integer.toString(number)));
        if (containers.refresh(container).state() instanceof Running running && running.paused()) {
            freezer().resume(container);
        }
        try {
            oci().call("kill", container.id(), Integer.toString(number));
        } catch (ContainerException e) {
            if (containers.refresh(container).state().isRunning()) {
                throw e;
            }
        }
    }

    private OciCalls oci() throws IOException {
        return new OciCalls(runtime.program(), state(), privileges.inUserNamespace(), keeper);
    }

    /** Asks it to end, and kills it when it does not. Nothing happens where it does not run. */
    public void stop(
            Container container, Optional<String> signal, Optional<Duration> timeout, Cancellation cancellation)
            throws IOException {
        Container now = containers.refresh(container);
        if (!now.state().isRunning()) {
            return;
        }
        ContainerFolder folder = containers.folder(container);
        Files.writeString(folder.file("stopping"), "");
        Duration patience = timeout.or(
                        () -> now.spec().host().stopTimeoutSeconds().map(Duration::ofSeconds))
                .orElse(STOP_TIMEOUT);
        signal(now, signal.or(() -> now.spec().config().stopSignal()).orElse("SIGTERM"));
        boolean ended = await(
                () -> hasEnded(folder), cancellation, patience.isNegative() ? Long.MAX_VALUE : patience.toMillis());
        if (!ended) {
            signal(now, "SIGKILL");
            ended = await(() -> hasEnded(folder), cancellation, SIGKILL_WAIT_MS);
        }
        if (!ended) {
            throw new ContainerException(
                    Kind.SYSTEM,
                    "cannot stop container: " + container.id()
                            + ": tried to kill container, but did not receive an exit event");
        }
        containers.events().record(now, "stop");
    }

    /** Its process is gone, and all is done that is done then. */
    private boolean hasEnded(ContainerFolder folder) {
        try {
            return !folder.exists()
                    || !folder.state(Optional.of(proc)).isRunning() && !folder.isMonitored(Optional.of(proc));
        } catch (IOException e) {
            return !folder.exists();
        }
    }

    /**
     * Waits until it runs no more.
     *
     * @return its exit status; empty when the wait was cancelled
     */
    public Optional<Integer> await(Container container, Cancellation cancellation) throws IOException {
        ContainerFolder folder = containers.folder(container);
        int[] code = {0};
        boolean ended = await(
                () -> {
                    try {
                        Optional<String> exit = folder.read("exit");
                        exit.ifPresent(text -> code[0] = Integer.parseInt(text));
                        return hasEnded(folder);
                    } catch (IOException e) {
                        return !folder.exists();
                    }
                },
                cancellation);
        return ended ? Optional.of(code[0]) : Optional.empty();
    }

    /** Does {@code work} while the processes of a container stand still, where its control group can do that. */
    <T> T paused(Container container, Namespaces.Work<T> work) throws IOException {
        boolean stops = runtime.cgroups()
                && containers.refresh(container).state() instanceof Running running
                && !running.paused();
        if (!stops) {
            return work.run();
        }
        oci().call("pause", container.id());
        try {
            return work.run();
        } finally {
            oci().call("resume", container.id());
        }
    }

    /** As {@link #remove(Container, boolean, Cancellation)}, with the volumes that were made for it alone. */
    public void removeWithVolumes(Container container, boolean force, Cancellation cancellation) throws IOException {
        remove(container, force, cancellation);
        if (!containers.exists(container)) {
            volumes.removeAnonymous(container);
        }
    }

    /**
     * Removes a container.
     *
     * @param force one that runs is killed first
     */
    public void remove(Container container, boolean force, Cancellation cancellation) throws IOException {
        Container now = containers.refresh(container);
        if (now.state().isRunning()) {
            if (!force) {
                throw new ContainerException(
                        Kind.CONFLICT,
                        "cannot remove container \"/" + now.name() + "\": container is "
                                + now.state().status() + ": stop the container before removing or force remove");
            }
            Files.writeString(containers.folder(now).file("stopping"), "");
            signal(now, "SIGKILL");
        }
        await(() -> hasEnded(containers.folder(now)), cancellation);
        if (containers.exists(now)) {
            try (var _ = store.locks().lock("container " + container.id())) {
                containers.delete(now);
            }
        }
    }

    private boolean await(BooleanSupplier condition, Cancellation cancellation) throws IOException {
        return await(condition, cancellation, Long.MAX_VALUE);
    }

    private boolean await(BooleanSupplier condition, Cancellation cancellation, long millis) throws IOException {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (cancellation.isCancelled() || (System.nanoTime() - begun) / 1_000_000 > millis) {
                return false;
            }
            try {
                Thread.sleep(POLL_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new java.io.InterruptedIOException();
            }
        }
        return true;
    }
}
