package org.layerbook.interpreter.command.volume;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.layerbook.engine.container.Volume;
import org.layerbook.engine.container.Volumes;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.Filters;

/** Removes the volumes that no container has. */
public final class VolumePruning {
    private static final Set<String> FILTERS = Set.of("all", "label", "label!");

    private VolumePruning() {}

    /** @param text what went, ends with an empty line unless nothing did */
    public record Pruned(String text, long bytes) {}

    /** @param given filters @param all those that a user has named too */
    public static Pruned run(Invocation invocation, List<String> given, boolean all)
            throws CommandException, IOException {
        Filters filters = Filters.of(given, FILTERS);
        boolean everything = all || filters.truth("all").orElse(false);
        Volumes volumes = invocation.services().containers().volumes();
        var gone = new ArrayList<String>();
        long bytes = 0;
        for (Volume volume : volumes.list()) {
            if ((everything || volume.isAnonymous()) && filters.matchesLabels(volume.labels())) {
                try {
                    long size = volumes.size(volume);
                    volumes.remove(volume.name());
                    gone.add(volume.name());
                    bytes += size;
                } catch (ContainerException e) {
                    continue; // a container has it, or it is gone
                }
            }
        }
        String text = gone.isEmpty() ? "" : "Deleted Volumes:\n" + String.join("\n", gone) + "\n\n";
        return new Pruned(text, bytes);
    }
}
