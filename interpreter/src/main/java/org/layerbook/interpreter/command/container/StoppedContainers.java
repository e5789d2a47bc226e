package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import org.layerbook.engine.container.ContainerEngine;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.Filters;

/** Removes the containers that do not run, as prune does. */
public final class StoppedContainers {
    private StoppedContainers() {}

    /** @param text what went, ends with an empty line unless nothing did */
    public record Pruned(String text, long bytes) {}

    /** @param filters {@code until} and labels */
    public static Pruned prune(Invocation invocation, Filters filters) throws CommandException, IOException {
        ContainerEngine engine = invocation.services().containers();
        Optional<Instant> until = filters.until(invocation.now());
        var gone = new ArrayList<String>();
        long bytes = 0;
        for (Container container : engine.containers().list()) {
            boolean wanted = !container.state().isRunning()
                    && until.filter(limit -> !container.spec().created().isBefore(limit))
                            .isEmpty()
                    && filters.matchesLabels(container.spec().config().labels());
            if (!wanted) {
                continue;
            }
            try {
                long size = engine.size(container);
                engine.runtime().remove(container, false, invocation.context().cancellation());
                gone.add(container.id());
                bytes += size;
            } catch (ContainerException e) {
                continue; // started meanwhile
            }
        }
        String text = gone.isEmpty() ? "" : "Deleted Containers:\n" + String.join("\n", gone) + "\n\n";
        return new Pruned(text, bytes);
    }
}
