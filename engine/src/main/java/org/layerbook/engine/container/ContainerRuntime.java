package org.layerbook.engine.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import org.layerbook.engine.container.state.Signals;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.HostProc;
import org.layerbook.engine.linux.Namespaces;
import org.layerbook.engine.store.Store;

/**
 * Starts and ends containers. What runs is held by conmon outside of all sessions; here is only what begins it and what speaks to it.
 * Safe between threads, sessions and processes: each container's start and end is done under its lock.
 */
public final class ContainerRuntime {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    private static final int POLL_MS = 5;
    private static final int SIGKILL_WAIT_MS = 10_000;

    private final ContainerServices services;
    private final Store store;
    private final Containers containers;
    private final Keeper keeper;
    private volatile boolean isCutOff;

    public ContainerRuntime(ContainerServices services) {
        this.services = services;
        this.store = services.store();
        this.containers = services.containers();
        this.keeper = services.keeper();
    }

    public ContainerExec exec() throws IOException {
        return new ContainerExec(containers, oci(), services.runtime(), services.privileges(), keeper, services.host());
    }

    public ContainerProcesses processes() {
        return new ContainerProcesses(containers, services.proc());
    }

    public ContainerFreezer freezer() throws IOException {
        return new ContainerFreezer(containers, oci(), services.runtime());
    }

    public ContainerLimits limits() throws IOException {
        return new ContainerLimits(containers, oci(), services.runtime());
    }

    /** Runs programs of the host, as the user. */
    public HostCommands host() {
        return services.host();
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
            var start = new ContainerStart(services, container, before);
            start.prepare();
            isCutOff = start.isCutOff();
            start.run();
        }
    }

    private boolean isMonitored(ContainerFolder folder) {
        try {
            return folder.isMonitored(Optional.of(services.proc()));
        } catch (IOException e) {
            return false;
        }
    }

    /** What containers on a bridge lack here, a sentence; empty where they lack nothing, and once it was said. */
    public Optional<String> note() throws IOException {
        if (!isCutOff || !keeper.notes()) {
            return Optional.empty();
        }
        return Optional.of(
                "containers cannot reach other machines from here: slirp4netns is not installed, or this user"
                        + " cannot open /dev/net/tun; --network=host uses the network of this machine");
    }

    /** When nothing runs any more. */
    void end() throws IOException {
        keeper.end();
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
        return new OciCalls(
                services.runtime().program(),
                services.state(),
                services.privileges().inUserNamespace(),
                keeper);
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

    public boolean isRunning(Container container) throws IOException {
        return containers.exists(container)
                && containers.refresh(container).state().isRunning();
    }

    /** Its process is gone, and all is done that is done then. */
    private boolean hasEnded(ContainerFolder folder) {
        try {
            return !folder.exists()
                    || !folder.state(Optional.of(services.proc())).isRunning()
                            && !folder.isMonitored(Optional.of(services.proc()));
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
        boolean stops = services.runtime().cgroups()
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
            services.volumes().removeAnonymous(container);
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
