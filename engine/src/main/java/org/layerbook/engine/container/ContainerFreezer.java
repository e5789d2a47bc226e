package org.layerbook.engine.container;

import java.io.IOException;
import java.nio.file.Files;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.engine.container.state.ContainerException.Kind;
import org.layerbook.engine.container.state.ContainerState.Running;
import org.layerbook.engine.container.state.Containers;
import org.layerbook.engine.sandbox.OciRuntime;

/** Pauses containers, by the freezer of their control group. */
public final class ContainerFreezer {
    private static final String MARK = "paused";

    private final Containers containers;
    private final OciCalls oci;
    private final OciRuntime runtime;

    ContainerFreezer(Containers containers, OciCalls oci, OciRuntime runtime) {
        this.containers = containers;
        this.oci = oci;
        this.runtime = runtime;
    }

    public void pause(Container container) throws IOException {
        Container now = containers.refresh(container);
        if (!(now.state() instanceof Running running)) {
            throw ContainerException.notRunning(now);
        }
        if (running.paused()) {
            throw new ContainerException(Kind.CONFLICT, "container " + now.id() + " is already paused");
        }
        if (!runtime.cgroups()) {
            throw new ContainerException(
                    Kind.SYSTEM,
                    "cannot pause container " + now.id()
                            + ": Linux pauses processes through control groups (cgroups), and this"
                            + " user may not create any");
        }
        oci.call("pause", now.id());
        Files.writeString(containers.folder(now).file(MARK), "");
        containers.events().record(now, "pause");
    }

    public void unpause(Container container) throws IOException {
        Container now = containers.refresh(container);
        if (!(now.state() instanceof Running running) || !running.paused()) {
            throw new ContainerException(Kind.CONFLICT, "Container " + now.id() + " is not paused");
        }
        resume(now);
        containers.events().record(now, "unpause");
    }

    /** What is paused gets no signal. */
    void resume(Container container) throws IOException {
        oci.call("resume", container.id());
        Files.deleteIfExists(containers.folder(container).file(MARK));
    }
}
