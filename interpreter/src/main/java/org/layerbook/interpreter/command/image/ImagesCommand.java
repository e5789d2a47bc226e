package org.layerbook.interpreter.command.image;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.image.Names;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.registry.StoredIndexes;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.command.option.Options;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.Filters;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.report.ImagesReport;
import org.layerbook.interpreter.report.ImagesReport.Line;

/** {@code docker images}. */
public final class ImagesCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("image ls", "list"), Spelling.of("images")),
            "[OPTIONS] [REPOSITORY[:TAG]]",
            "List images",
            Arity.atMost(1),
            List.of(
                    OptionSpec.toggle('a', "all", "Show all images (default hides intermediate images)"),
                    OptionSpec.toggle("digests", "Show digests"),
                    OptionSpec.of(Kind.FILTER, "filter", 'f', "filter", "Filter output based on conditions provided")
                            .oneOf("dangling=true", "label=", "before=", "since=", "until=", "reference="),
                    OutputFormat.option(),
                    OptionSpec.toggle("no-trunc", "Don't truncate output"),
                    OptionSpec.toggle('q', "quiet", "Only show image IDs"),
                    OptionSpec.toggle("tree", "List multi-platform images as a tree (EXPERIMENTAL)")
                            .hiddenFromHelp()),
            Completes.ONE_IMAGE,
            ImagesCommand::run);

    private static final Set<String> FILTERS =
            Set.of("before", "dangling", "label", "label!", "reference", "since", "until");
    /** More images are not asked for their layers only to show what they share. */
    private static final int MOST_SHARED = 100;

    private ImagesCommand() {}

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        var options = invocation.options();
        boolean full = options.on("no-trunc");
        if (options.on("tree")) {
            refuseWithTree(options);
            return tree(invocation);
        }
        List<Line> lines = lines(invocation, options.on("digests"));
        Optional<OutputFormat> format =
                OutputFormat.of(options.text("format"), raw(options.on("quiet"), options.on("digests")));
        if (format.isEmpty() && options.on("quiet")) {
            var text = new StringBuilder();
            lines.forEach(
                    line -> text.append(full ? line.id().toString() : line.id().shortHex())
                            .append('\n'));
            invocation.context().print(text.toString());
            return Outcome.DONE;
        }
        if (format.isPresent()) {
            Instant now = invocation.now();
            var rows = lines.stream()
                    .map(line -> ImageRows.context(line, full, now, invocation.zone()))
                    .toList();
            invocation.context().print(format.get().rows(ImageRows.HEADINGS, rows));
            return Outcome.DONE;
        }
        Optional<Long> stored = Optional.empty();
        if (invocation.context().display().isPresent()) {
            SharedSizes sizes = SharedSizes.of(invocation.store(), MOST_SHARED);
            lines = sizes.addTo(lines);
            stored = Optional.of(sizes.total()).filter(bytes -> bytes > 0);
        }
        return new Outcome.Show(new ImagesReport(lines, full, options.on("digests"), stored));
    }

    private static String raw(boolean quiet, boolean digests) {
        return quiet
                ? "image_id: {{.ID}}"
                : "repository: {{.Repository}}\ntag: {{.Tag}}\n"
                        + (digests ? "digest: {{.Digest}}\n" : "")
                        + "image_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n";
    }

    private static void refuseWithTree(Options options) throws CommandException {
        for (String name : List.of("quiet", "no-trunc", "digests", "format")) {
            if (options.on(name)
                    || name.equals("format") && options.nonEmpty(name).isPresent()) {
                // The client calls this one by another name.
                String shown = name.equals("digests") ? "show-digest" : name;
                throw new CommandException("--" + shown + " is not yet supported with --tree", 1);
            }
        }
    }

    private static Outcome tree(Invocation invocation) throws CommandException, IOException {
        List<Line> lines = lines(invocation, false).stream()
                .filter(line -> invocation.options().on("all") || !line.tag().equals(ImagesReport.NONE))
                .toList();
        invocation
                .context()
                .printError(
                        "WARNING: This is an experimental feature. The output may change and shouldn't be depended on.\n");
        invocation.context().print(ImagesTree.text(lines));
        return Outcome.DONE;
    }

    private static List<Line> lines(Invocation invocation, boolean digests) throws CommandException, IOException {
        var given = new ArrayList<>(invocation.options().list("filter"));
        invocation.arguments().stream()
                .filter(pattern -> !pattern.isEmpty())
                .forEach(pattern -> given.add("reference=" + pattern));
        Filters filters = Filters.of(given, FILTERS);
        var patterns = new ArrayList<ReferencePattern>();
        for (String glob : filters.values("reference")) {
            patterns.add(ReferencePattern.of(glob));
        }
        var select = new ImageSelection(filters, invocation);
        var lines = new ArrayList<Line>();
        Set<Digest> otherPlatforms =
                invocation.options().on("all") ? Set.of() : new StoredIndexes(invocation.store()).nameless();
        for (Images.Summary image : invocation.store().images().list()) {
            if (otherPlatforms.contains(image.id()) || !select.takes(image)) {
                continue;
            }
            List<Names.Name> names = names(image, filters.values("reference").isEmpty(), patterns);
            if (!names.isEmpty() || filters.values("reference").isEmpty()) {
                lines.addAll(ImageRows.of(image, names, digests));
            }
        }
        return lines;
    }

    private static List<Names.Name> names(Images.Summary image, boolean all, List<ReferencePattern> patterns) {
        return image.names().stream()
                .filter(name -> all || patterns.stream().anyMatch(pattern -> pattern.matches(name.reference())))
                .toList();
    }
}
