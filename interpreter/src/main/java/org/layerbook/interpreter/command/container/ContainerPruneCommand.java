package org.layerbook.interpreter.command.container;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.container.state.Container;
import org.layerbook.engine.container.state.ContainerException;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.Confirmation;
import org.layerbook.interpreter.command.spec.Filters;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** {@code docker container prune}. */
public final class ContainerPruneCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("container prune")),
            "[OPTIONS]",
            "Remove all stopped containers",
            Arity.NONE,
            List.of(
                    OptionSpec.of(
                            Kind.FILTER, "filter", "filter", "Provide filter values (e.g. \"until=<timestamp>\")"),
                    OptionSpec.toggle('f', "force", "Do not prompt for confirmation")),
            Completes.NOTHING,
            ContainerPruneCommand::run);

    private static final Set<String> FILTERS = Set.of("label", "label!", "until");
    private static final String QUESTION =
            "WARNING! This will remove all stopped containers.\nAre you sure you want to continue? [y/N] ";

    private ContainerPruneCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        if (!invocation.options().on("force")
                && !Confirmation.ask(invocation.context(), QUESTION, invocation.shownAs())) {
            return Outcome.DONE;
        }
        Filters filters = Filters.of(invocation.options().list("filter"), FILTERS);
        Optional<Instant> until = filters.until(invocation.now());
        var removed = new StringBuilder();
        long bytes = 0;
        for (Container container :
                invocation.services().containers().containers().list()) {
            if (container.state().isRunning()
                    || until.filter(limit -> !container.spec().created().isBefore(limit))
                            .isPresent()
                    || !filters.matchesLabels(container.spec().config().labels())) {
                continue;
            }
            long size = ContainerSizes.written(container, invocation);
            try {
                ContainerCommands.runtime(invocation)
                        .remove(container, false, invocation.context().cancellation());
            } catch (ContainerException e) {
                continue; // started meanwhile
            }
            removed.append(container.id()).append('\n');
            bytes += size;
        }
        String what = removed.isEmpty() ? "" : "Deleted Containers:\n" + removed + "\n";
        invocation.context().print(what + "Total reclaimed space: " + DockerUnits.longSize(bytes) + "\n");
        return Outcome.DONE;
    }
}
