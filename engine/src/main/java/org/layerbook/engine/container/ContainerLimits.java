package org.layerbook.engine.container;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.container.state.HostOptions;
import org.layerbook.engine.container.state.HostOptions.Resources;
import org.layerbook.engine.container.state.HostOptions.RestartPolicy;
import org.layerbook.engine.sandbox.OciRuntime;

/** Changes the limits and the restart policy of containers, running or not. */
public final class ContainerLimits {
    private static final long CPU_PERIOD_MICROS = 100_000;
    private static final long NANOS = 1_000_000_000;

    private final Containers containers;
    private final OciCalls oci;
    private final OciRuntime runtime;

    ContainerLimits(Containers containers, OciCalls oci, OciRuntime runtime) {
        this.containers = containers;
        this.oci = oci;
        this.runtime = runtime;
    }

    public void update(Container container, Resources resources, RestartPolicy restart) throws IOException {
        Container now = containers.refresh(container);
        HostOptions before = now.spec().host();
        if (now.state().isRunning()) {
            if (!resources.equals(before.resources())) {
                change(now, resources);
            }
            // The script that the container was started with has the policy of then.
            Files.writeString(
                    containers.folder(now).file("policy"), restart.when().name() + " " + restart.mostRestarts() + "\n");
        }
        containers.change(now, now.spec().withHost(before.with(resources, restart)));
        containers.events().record(now, "update");
    }

    private void change(Container container, Resources resources) throws IOException {
        if (!runtime.cgroups()) {
            throw new ContainerException(
                    Kind.SYSTEM,
                    "Cannot update container " + container.id()
                            + ": limits need control groups (cgroups), and this user may" + " not create any");
        }
        var command = new ArrayList<>(List.of("update"));
        if (resources.memoryBytes() != 0) {
            long swap = resources.memorySwapBytes() == 0 ? 2 * resources.memoryBytes() : resources.memorySwapBytes();
            command.addAll(
                    List.of("--memory", Long.toString(resources.memoryBytes()), "--memory-swap", Long.toString(swap)));
        }
        if (resources.nanoCpus() != 0) {
            command.addAll(List.of(
                    "--cpu-period",
                    Long.toString(CPU_PERIOD_MICROS),
                    "--cpu-quota",
                    Long.toString(resources.nanoCpus() * CPU_PERIOD_MICROS / NANOS)));
        }
        if (resources.pids() != 0) {
            command.addAll(List.of("--pids-limit", Long.toString(resources.pids())));
        }
        command.add(container.id());
        oci.call(command.toArray(String[]::new));
    }
}
