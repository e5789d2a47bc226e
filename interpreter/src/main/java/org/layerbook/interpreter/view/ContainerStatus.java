package org.layerbook.interpreter.view;

import java.time.Duration;
import java.time.Instant;
import org.layerbook.engine.container.state.ContainerState;
import org.layerbook.engine.container.state.ContainerState.Health;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** What a container is doing, as docker says it: {@code Up 2 minutes (healthy)}. */
public final class ContainerStatus {
    private ContainerStatus() {}

    public static String text(ContainerState state, Instant now) {
        return switch (state) {
            case ContainerState.Created _ -> "Created";
            case ContainerState.Running running -> {
                String health = running.health()
                        .map(h -> h == Health.STARTING ? " (health: starting)" : " (" + h.text() + ")")
                        .orElse("");
                yield "Up " + DockerUnits.duration(Duration.between(running.started(), now))
                        + (running.paused() ? " (Paused)" : health);
            }
            case ContainerState.Restarting restarting ->
                "Restarting (" + restarting.exitCode() + ") " + DockerUnits.ago(restarting.finished(), now);
            case ContainerState.Exited exited ->
                "Exited (" + exited.exitCode() + ") " + DockerUnits.ago(exited.finished(), now);
        };
    }
}
