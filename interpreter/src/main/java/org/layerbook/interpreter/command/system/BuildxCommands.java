package org.layerbook.interpreter.command.system;

import java.io.IOException;
import java.util.List;
import org.layerbook.interpreter.command.builder.BuilderCommands;
import org.layerbook.interpreter.command.builder.BuilderNames;
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
import org.layerbook.interpreter.command.spec.DockerVersion;
import org.layerbook.interpreter.report.TextReport;
import org.layerbook.interpreter.view.layout.DockerUnits;
import org.layerbook.interpreter.view.layout.TabWriter;

/** {@code docker buildx du} and {@code version}. */
public final class BuildxCommands {
    public static final CommandSpec DISK_USAGE = new CommandSpec(
            List.of(Spelling.of("buildx du")),
            "[OPTIONS]",
            "Disk usage",
            Arity.NONE,
            List.of(
                    BuilderCommands.BUILDER,
                    OptionSpec.of(Kind.FILTER, "filter", "filter", "Provide filter values")
                            .oneOf("dangling=true", "label=", "before=", "since=", "until=", "reference="),
                    OptionSpec.toggle("verbose", "Provide a more verbose output")),
            Completes.NOTHING,
            BuildxCommands::diskUsage);

    public static final CommandSpec VERSION = new CommandSpec(
            List.of(Spelling.of("buildx version")),
            "",
            "Show buildx version information",
            Arity.NONE,
            List.of(),
            Completes.NOTHING,
            invocation -> new Outcome.Show(new TextReport(
                    DockerVersion.layerbook() + ", with the options of github.com/docker/buildx v0.24")));

    private BuildxCommands() {}

    private static Outcome diskUsage(Invocation invocation) throws CommandException, IOException {
        BuilderNames.check(invocation);
        SharedSizes images = SharedSizes.of(invocation.store(), Integer.MAX_VALUE);
        var cache = BuildCacheEntries.of(invocation.services(), images);
        boolean verbose = invocation.options().on("verbose");
        String text = verbose ? verbose(cache, invocation) : table(cache, invocation);
        String sums = TabWriter.align(
                "Reclaimable:\t" + DockerUnits.longSize(cache.reclaimable()) + "\nTotal:\t"
                        + DockerUnits.longSize(cache.total()) + "\n",
                8,
                2);
        return new Outcome.Show(new TextReport(text + sums));
    }

    private static String table(BuildCacheEntries cache, Invocation invocation) {
        var text = new StringBuilder("ID\tRECLAIMABLE\tSIZE\tLAST ACCESSED\n");
        for (var entry : cache.list()) {
            // A star: what is written to again, by the next build.
            text.append(entry.id()).append(entry.step().isPresent() ? "" : "*");
            text.append('\t').append(!entry.inUse()).append('\t');
            text.append(DockerUnits.longSize(entry.size())).append('\t');
            text.append(DockerUnits.ago(entry.used(), invocation.now())).append('\n');
        }
        return TabWriter.table(text.toString());
    }

    private static String verbose(BuildCacheEntries cache, Invocation invocation) {
        var text = new StringBuilder();
        for (var entry : cache.list()) {
            var lines = new StringBuilder();
            lines.append("ID:\t").append(entry.id()).append('\n');
            lines.append("Mutable:\t").append(entry.step().isEmpty()).append('\n');
            lines.append("Reclaimable:\t").append(!entry.inUse()).append('\n');
            lines.append("Shared:\t").append(entry.shared()).append('\n');
            lines.append("Size:\t").append(DockerUnits.longSize(entry.size())).append('\n');
            if (!entry.description().isEmpty()) {
                lines.append("Description:\t").append(entry.description()).append('\n');
            }
            lines.append("Last used:\t")
                    .append(DockerUnits.ago(entry.used(), invocation.now()))
                    .append('\n');
            lines.append("Type:\t").append(entry.type()).append('\n');
            text.append(TabWriter.align(lines.toString(), 8, 1)).append('\n');
        }
        return text.toString();
    }
}
