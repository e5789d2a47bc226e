package org.layerbook.interpreter.command.system;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.layerbook.interpreter.command.builder.BuilderCommands;
import org.layerbook.interpreter.command.builder.BuilderNames;
import org.layerbook.interpreter.command.container.StoppedContainers;
import org.layerbook.interpreter.command.image.SharedSizes;
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
import org.layerbook.interpreter.command.volume.VolumePruning;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** {@code docker image prune}, {@code builder prune} and {@code system prune}. */
public final class PruneCommands {
    private static final OptionSpec FORCE = OptionSpec.toggle('f', "force", "Do not prompt for confirmation");

    public static final CommandSpec IMAGE = new CommandSpec(
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

    public static final CommandSpec BUILDER = new CommandSpec(
            List.of(Spelling.of("builder prune"), Spelling.of("buildx prune")),
            "[OPTIONS]",
            "Remove build cache",
            Arity.NONE,
            List.of(
                    OptionSpec.toggle('a', "all", "Remove all unused build cache, not just dangling ones"),
                    BuilderCommands.BUILDER.hiddenFromHelp(),
                    filter("Provide filter values (e.g. \"until=24h\")"),
                    FORCE,
                    OptionSpec.of(Kind.BYTES, "bytes", "keep-storage", "Amount of disk space to keep for cache")
                            .hiddenFromHelp(),
                    OptionSpec.of(
                                    Kind.BYTES,
                                    "bytes",
                                    "max-used-space",
                                    "Maximum amount of disk space allowed to keep for cache")
                            .hiddenFromHelp(),
                    OptionSpec.of(
                                    Kind.BYTES,
                                    "bytes",
                                    "reserved-space",
                                    "Amount of disk space always allowed to keep for cache")
                            .hiddenFromHelp()),
            Completes.NOTHING,
            PruneCommands::cache);

    public static final CommandSpec SYSTEM = new CommandSpec(
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
    private static final Set<String> CACHE_FILTERS = Set.of("until", "type", "id", "inuse");

    private PruneCommands() {}

    private static OptionSpec filter(String help) {
        return OptionSpec.of(Kind.FILTER, "filter", "filter", help)
                .oneOf("dangling=true", "label=", "before=", "since=", "until=", "reference=");
    }

    private static Outcome images(Invocation invocation) throws CommandException, IOException {
        invocation.store().makeRoomToRemove();
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
        invocation.store().makeRoomToRemove();
        BuilderNames.check(invocation);
        // BuildKit's other word for the same.
        var given = invocation.options().list("filter").stream()
                .map(filter -> filter.replaceFirst("^unused-for=", "until="))
                .toList();
        Filters filters = Filters.of(given, CACHE_FILTERS);
        String warning = invocation.options().on("all")
                ? "WARNING! This will remove all build cache."
                : "WARNING! This will remove all dangling build cache.";
        if (!confirmed(invocation, warning + " Are you sure you want to continue? [y/N] ")) {
            return Outcome.DONE;
        }
        Dropped dropped = dropCache(invocation, filters);
        String total = invocation.shownAs().startsWith("docker buildx")
                ? "Total:\t" + DockerUnits.longSize(dropped.bytes()) + "\n"
                : total(dropped.bytes());
        invocation.context().print(dropped.text() + total);
        return Outcome.DONE;
    }

    private static Outcome system(Invocation invocation) throws CommandException, IOException {
        invocation.store().makeRoomToRemove();
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
        Filters filters = Filters.of(invocation.options().list("filter"), FILTERS);
        StoppedContainers.Pruned containers = StoppedContainers.prune(invocation, filters);
        VolumePruning.Pruned volumes = invocation.options().on("volumes")
                ? VolumePruning.run(invocation, labels(invocation), false)
                : new VolumePruning.Pruned("", 0);
        // The containers that stood on them are gone now.
        ImagePruning.Pruned images = pruning(invocation, all).run();
        Dropped dropped = dropCache(invocation, filters);
        invocation
                .context()
                .print(containers.text()
                        + volumes.text()
                        + images.text()
                        + dropped.text()
                        + total(containers.bytes() + volumes.bytes() + images.bytes() + dropped.bytes()));
        return Outcome.DONE;
    }

    private static List<String> labels(Invocation invocation) {
        return invocation.options().list("filter").stream()
                .filter(filter -> filter.startsWith("label"))
                .toList();
    }

    /** @param text what went, ends with an empty line unless nothing did */
    private record Dropped(String text, long bytes) {}

    /**
     * As BuildKit: without {@code --all} what an image has too stays; with a size to keep, what was used last does.
     *
     * @param filters those that were given
     */
    private static Dropped dropCache(Invocation invocation, Filters filters) throws CommandException, IOException {
        boolean all = invocation.options().on("all");
        Optional<Instant> limit = filters.until(invocation.now());
        var entries =
                BuildCacheEntries.of(invocation.services(), SharedSizes.of(invocation.store(), Integer.MAX_VALUE));
        Predicate<BuildCacheEntries.CacheEntry> which = entry -> (all || !entry.shared())
                && limit.map(entry.used()::isBefore).orElse(true)
                && fits(filters, "type", entry.type()::equals)
                && fits(filters, "id", entry.id()::startsWith)
                && fits(filters, "inuse", text -> text.equals(Boolean.toString(entry.inUse())));
        var removed = filters.asksForLabels()
                ? new BuildCacheEntries.Removed(List.of(), 0)
                : entries.remove(which, keptBytes(invocation));
        collect(invocation);
        var lines =
                removed.entries().stream().map(BuildCacheEntries.CacheEntry::id).toList();
        String text = lines.isEmpty() ? "" : "Deleted build cache objects:\n" + String.join("\n", lines) + "\n\n";
        return new Dropped(text, removed.bytes());
    }

    private static boolean fits(Filters filters, String name, Predicate<String> value) {
        return filters.values(name).isEmpty() || filters.values(name).stream().anyMatch(value);
    }

    /** The old option and the new ones say the same where there is one builder and no garbage policy. */
    private static OptionalLong keptBytes(Invocation invocation) {
        return Stream.of("keep-storage", "max-used-space", "reserved-space")
                .flatMap(name -> invocation.options().text(name).stream())
                .mapToLong(Long::parseLong)
                .max();
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
