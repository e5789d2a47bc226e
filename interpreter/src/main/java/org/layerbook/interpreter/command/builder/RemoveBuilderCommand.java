package org.layerbook.interpreter.command.builder;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.store.Builders.Entry;
import org.layerbook.engine.store.Builders.Known;
import org.layerbook.engine.store.Builders.Status;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.Confirmation;

/** {@code docker buildx rm}. */
public final class RemoveBuilderCommand {
    public static final CommandSpec SPEC = BuilderCommands.spec(
            "rm",
            "[OPTIONS] [NAME] [NAME...]",
            "Remove one or more builder instances",
            Arity.atLeast(0),
            List.of(
                    OptionSpec.toggle("all-inactive", "Remove all inactive builders"),
                    BuilderCommands.BUILDER,
                    OptionSpec.toggle('f', "force", "Do not prompt for confirmation"),
                    OptionSpec.toggle("keep-daemon", "Keep the BuildKit daemon running"),
                    OptionSpec.toggle("keep-state", "Keep BuildKit state")),
            RemoveBuilderCommand::remove);

    private RemoveBuilderCommand() {}

    private static Outcome remove(Invocation invocation) throws CommandException, IOException {
        var options = invocation.options();
        List<String> names = invocation.arguments();
        if (options.on("all-inactive")) {
            if (!names.isEmpty()) {
                throw BuilderNames.failed("cannot specify builder name when --all-inactive is set");
            }
            String question = "WARNING! This will remove all builders that are not in running state."
                    + " Are you sure you want to continue? [y/N] ";
            if (options.on("force") || Confirmation.ask(invocation.context(), question, invocation.shownAs())) {
                removeInactive(invocation);
            }
            return Outcome.DONE;
        }
        if (names.size() < 2) {
            remove(invocation, BuilderNames.chosen(invocation));
            return Outcome.DONE;
        }
        boolean failed = false;
        for (String name : names) {
            try {
                remove(invocation, Optional.of(name));
            } catch (CommandException e) {
                failed = true;
                String why = e.getMessage().substring("ERROR: ".length());
                invocation.context().printError("failed to remove " + name + ": " + why + "\n");
            }
        }
        if (failed) {
            throw BuilderNames.failed("failed to remove one or more builders");
        }
        return Outcome.DONE;
    }

    private static void remove(Invocation invocation, Optional<String> chosen) throws CommandException, IOException {
        var gone = new ArrayList<String>();
        invocation.store().builders().<CommandException>update(known -> {
            Entry found = BuilderNames.find(known, chosen);
            if (found.equals(BuilderNames.ALWAYS)) {
                throw BuilderNames.failed(
                        "context builder cannot be removed, run `docker context rm default` to remove this context");
            }
            gone.add(found.name());
            return known.without(found.name());
        });
        invocation.context().printError(gone.getFirst() + " removed\n");
    }

    private static void removeInactive(Invocation invocation) throws IOException {
        var gone = new ArrayList<String>();
        invocation.store().builders().<RuntimeException>update(known -> {
            Known after = known;
            for (Entry entry : known.entries()) {
                if (entry.status() != Status.RUNNING) {
                    gone.add(entry.name());
                    after = after.without(entry.name());
                }
            }
            return after;
        });
        for (String name : gone) {
            invocation.context().printError(name + " removed\n");
        }
    }
}
