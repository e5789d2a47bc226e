package org.layerbook.interpreter.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.layerbook.engine.store.CacheRecords;
import org.layerbook.interpreter.command.CommandSpec.Arity;
import org.layerbook.interpreter.command.CommandSpec.Completes;
import org.layerbook.interpreter.command.CommandSpec.Invocation;
import org.layerbook.interpreter.command.CommandSpec.Outcome;
import org.layerbook.interpreter.command.CommandSpec.Spelling;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.view.DockerUnits;

/** {@code docker image prune}, {@code builder prune} and {@code system prune}. */
final class PruneCommands {
    private static final OptionSpec FORCE = OptionSpec.toggle('f', "force", "Do not prompt for confirmation");

    static final CommandSpec IMAGE = new CommandSpec(
            List.of(Spelling.of("image prune")),
            "[OPTIONS]",
            "Remove unused images",
            Arity.NONE,
            List.of(
                    OptionSpec.toggle('a', "all", "Remove all unused images, not just dangling ones"),
                    filter("Provide filter values (e.g. \"until=<timestamp>\")"),
                    FORCE),
            Completes.NOTHING,
            PruneCommands::images);

    static final CommandSpec BUILDER = new CommandSpec(
            List.of(Spelling.of("builder prune"), Spelling.of("buildx prune")),
            "[OPTIONS]",
            "Remove build cache",
            Arity.NONE,
            List.of(
                    OptionSpec.toggle('a', "all", "Remove all unused build cache, not just dangling ones"),
                    filter("Provide filter values (e.g. \"until=24h\")"),
                    FORCE,
                    OptionSpec.of(Kind.BYTES, "bytes", "keep-storage", "Amount of disk space to keep for cache")
                            .hiddenFromHelp()),
            Completes.NOTHING,
            PruneCommands::cache);

    static final CommandSpec SYSTEM = new CommandSpec(
            List.of(Spelling.of("system prune")),
            "[OPTIONS]",
            "Remove unused data",
            Arity.NONE,
            List.of(
                    OptionSpec.toggle('a', "all", "Remove all unused images not just dangling ones"),
                    filter("Provide filter values (e.g. \"label=<key>=<value>\")"),
                    FORCE,
                    OptionSpec.toggle("volumes", "Prune anonymous volumes")),
            Completes.NOTHING,
            PruneCommands::system);

    private static final Set<String> FILTERS = Set.of("dangling", "label", "label!", "until");

    private PruneCommands() {}

    private static OptionSpec filter(String help) {
        return OptionSpec.of(Kind.FILTER, "filter", "filter", help);
    }

    private static Outcome images(Invocation invocation) throws CommandException, IOException {
        boolean all = invocation.options().on("all");
        ImagePruning pruning = pruning(invocation, all);
        String warning = all
                ? "WARNING! This will remove all images without at least one container associated to them."
                : "WARNING! This will remove all dangling images.";
        if (!confirmed(invocation, warning + "\n" + pruning.preview() + "Are you sure you want to continue? [y/N] ")) {
            return Outcome.DONE;
        }
        ImagePruning.Pruned pruned = pruning.run();
        collect(invocation);
        invocation.context().print(pruned.text() + total(pruned.bytes()));
        return Outcome.DONE;
    }

    private static ImagePruning pruning(Invocation invocation, boolean all) throws CommandException, IOException {
        Filters filters = Filters.of(invocation.options().list("filter"), FILTERS);
        boolean everything = all || filters.truth("dangling").map(only -> !only).orElse(false);
        return ImagePruning.plan(invocation, filters, everything);
    }

    private static Outcome cache(Invocation invocation) throws CommandException, IOException {
        String warning = invocation.options().on("all")
                ? "WARNING! This will remove all build cache."
                : "WARNING! This will remove all dangling build cache.";
        if (!confirmed(invocation, warning + " Are you sure you want to continue? [y/N] ")) {
            return Outcome.DONE;
        }
        Dropped dropped = dropCache(invocation);
        String total = invocation.shownAs().startsWith("docker buildx")
                ? "Total:\t" + DockerUnits.longSize(dropped.bytes()) + "\n"
                : total(dropped.bytes());
        invocation.context().print(dropped.text() + total);
        return Outcome.DONE;
    }

    private static Outcome system(Invocation invocation) throws CommandException, IOException {
        boolean all = invocation.options().on("all");
        ImagePruning pruning = pruning(invocation, all);
        String warning = "WARNING! This will remove:\n  - all stopped containers\n"
                + "  - all networks not used by at least one container\n"
                + (invocation.options().on("volumes")
                        ? "  - all anonymous volumes not used by at least one container\n"
                        : "")
                + (all
                        ? "  - all images without at least one container associated to them\n  - all build cache\n"
                        : "  - all dangling images\n  - unused build cache\n");
        if (!confirmed(invocation, warning + "\n" + pruning.preview() + "Are you sure you want to continue? [y/N] ")) {
            return Outcome.DONE;
        }
        ImagePruning.Pruned pruned = pruning.run();
        Dropped dropped = dropCache(invocation);
        invocation.context().print(pruned.text() + dropped.text() + total(pruned.bytes() + dropped.bytes()));
        return Outcome.DONE;
    }

    /** @param text what went, ends with an empty line unless nothing did */
    private record Dropped(String text, long bytes) {}

    /** Everything that is not in use, or that was not used for the time that {@code until} names. */
    private static Dropped dropCache(Invocation invocation) throws CommandException, IOException {
        Filters filters = Filters.of(invocation.options().list("filter"), FILTERS);
        var limit = filters.until(invocation.now());
        var store = invocation.store();
        long before = CacheSizes.bytes(invocation.services(), SharedSizes.of(store, Integer.MAX_VALUE));
        var lines = new ArrayList<String>();
        if (!filters.asksForLabels()) {
            for (CacheRecords.Record record : store.cache().list()) {
                boolean old = limit.map(record.used()::isBefore).orElse(true);
                if (old && store.cache().remove(record.key())) {
                    lines.add(record.key().hex().substring(0, 25));
                }
            }
        }
        long after = CacheSizes.bytes(invocation.services(), SharedSizes.of(store, Integer.MAX_VALUE));
        collect(invocation);
        String text = lines.isEmpty() ? "" : "Deleted build cache objects:\n" + String.join("\n", lines) + "\n\n";
        return new Dropped(text, before - after);
    }

    private static void collect(Invocation invocation) throws IOException {
        invocation
                .store()
                .collector(invocation.services().snapshots().collectable())
                .collect();
    }

    private static String total(long bytes) {
        return "Total reclaimed space: " + DockerUnits.longSize(bytes) + "\n";
    }

    private static boolean confirmed(Invocation invocation, String question) throws CommandException, IOException {
        return invocation.options().on("force")
                || Confirmation.ask(invocation.context(), question, invocation.shownAs());
    }
}
