package org.layerbook.interpreter.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.container.state.ContainerState;

/** Containers, as {@code docker ps} lists them. */
public record ContainersReport(List<Line> lines) implements Report {
    public ContainersReport {
        lines = List.copyOf(lines);
    }

    /**
     * @param id cut off or whole, as asked for; so is the command, which is quoted
     * @param size as docker says it, where that was asked for
     */
    public record Line(
            String id,
            String image,
            String command,
            Instant created,
            ContainerState state,
            String ports,
            String name,
            Optional<String> size) {}
}
