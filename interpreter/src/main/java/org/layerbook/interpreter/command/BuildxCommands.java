package org.layerbook.interpreter.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.layerbook.engine.oci.Platform;
import org.layerbook.engine.store.CacheRecords;
import org.layerbook.interpreter.command.CommandSpec.Arity;
import org.layerbook.interpreter.command.CommandSpec.Completes;
import org.layerbook.interpreter.command.CommandSpec.Invocation;
import org.layerbook.interpreter.command.CommandSpec.Outcome;
import org.layerbook.interpreter.command.CommandSpec.Spelling;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.report.TextReport;
import org.layerbook.interpreter.view.DockerUnits;
import org.layerbook.interpreter.view.TabWriter;

/** {@code docker buildx du}, {@code ls} and {@code version}. The one builder there is works in this process. */
final class BuildxCommands {
    static final CommandSpec DISK_USAGE = new CommandSpec(
            List.of(Spelling.of("buildx du")),
            "[OPTIONS]",
            "Disk usage",
            Arity.NONE,
            List.of(
                    OptionSpec.of(Kind.FILTER, "filter", "filter", "Provide filter values"),
                    OptionSpec.toggle("verbose", "Provide a more verbose output")),
            Completes.NOTHING,
            BuildxCommands::diskUsage);

    static final CommandSpec LIST = new CommandSpec(
            List.of(Spelling.of("buildx ls")),
            "[OPTIONS]",
            "List builder instances",
            Arity.NONE,
            List.of(OptionSpec.toggle("no-trunc", "Don't truncate output")),
            Completes.NOTHING,
            BuildxCommands::list);

    static final CommandSpec VERSION = new CommandSpec(
            List.of(Spelling.of("buildx version")),
            "",
            "Show buildx version information",
            Arity.NONE,
            List.of(),
            Completes.NOTHING,
            invocation -> new Outcome.Show(new TextReport(
                    DockerVersion.layerbook() + ", with the options of github.com/docker/buildx v0.24")));

    private BuildxCommands() {}

    private static Outcome diskUsage(Invocation invocation) throws IOException {
        var records =
                new ArrayList<CacheRecords.Record>(invocation.store().cache().list());
        records.sort(Comparator.comparing(CacheRecords.Record::used).reversed());
        SharedSizes images = SharedSizes.of(invocation.store(), Integer.MAX_VALUE);
        var text = new StringBuilder("ID\tRECLAIMABLE\tSIZE\tLAST ACCESSED\n");
        for (CacheRecords.Record record : records) {
            text.append(record.key().hex(), 0, 25).append("\ttrue\t");
            text.append(DockerUnits.longSize(CacheSizes.bytes(invocation.services(), record, images)))
                    .append('\t');
            text.append(DockerUnits.ago(record.used(), invocation.now())).append('\n');
        }
        String total = DockerUnits.longSize(CacheSizes.bytes(invocation.services(), images));
        String table = TabWriter.table(text.toString());
        String sums = TabWriter.align("Reclaimable:\t" + total + "\nTotal:\t" + total + "\n", 8, 2);
        return new Outcome.Show(new TextReport(table + sums));
    }

    private static Outcome list(Invocation invocation) {
        String text = "NAME/NODE\tDRIVER/ENDPOINT\tSTATUS\tBUILDKIT\tPLATFORMS\n"
                + "layerbook*\tlayerbook\t\t\t\n"
                + " \\_ layerbook\t \\_ this process\trunning\t" + DockerVersion.layerbook() + "\t" + Platform.host()
                + "\n";
        return new Outcome.Show(new TextReport(TabWriter.table(text)));
    }
}
