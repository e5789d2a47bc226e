package org.layerbook.interpreter.command.system;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Images;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.command.container.ContainerUsage;
import org.layerbook.interpreter.command.image.ImageRows;
import org.layerbook.interpreter.command.image.SharedSizes;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.command.volume.VolumeUsage;
import org.layerbook.interpreter.report.DiskUsageReport;
import org.layerbook.interpreter.report.DiskUsageReport.Line;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.DiskUsageView;
import org.layerbook.interpreter.view.layout.DockerUnits;
import org.layerbook.interpreter.view.layout.TabWriter;

/** {@code docker system df}. An image is active while this session or a container stands on it. */
public final class DiskUsageCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("system df")),
            "[OPTIONS]",
            "Show docker disk usage",
            Arity.NONE,
            List.of(
                    OutputFormat.option(),
                    OptionSpec.toggle('v', "verbose", "Show detailed information on space usage")),
            Completes.NOTHING,
            DiskUsageCommand::run);

    private static final Map<String, String> HEADINGS = headings();

    private static final String RAW = "type: {{.Type}}\ntotal: {{.TotalCount}}\nactive: {{.Active}}\nsize: {{.Size}}\n"
            + "reclaimable: {{.Reclaimable}}\n";

    private DiskUsageCommand() {}

    private static Map<String, String> headings() {
        var headings = new LinkedHashMap<String, String>();
        headings.put("Type", "TYPE");
        headings.put("TotalCount", "TOTAL");
        headings.put("Active", "ACTIVE");
        headings.put("Size", "SIZE");
        headings.put("Reclaimable", "RECLAIMABLE");
        return headings;
    }

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        Store store = invocation.store();
        SharedSizes sizes = SharedSizes.of(store, Integer.MAX_VALUE);
        var report = new DiskUsageReport(lines(invocation, sizes));
        Optional<OutputFormat> format = OutputFormat.of(invocation.options().text("format"), RAW);
        if (invocation.options().on("verbose")) {
            Optional<String> template = invocation.options().nonEmpty("format").filter(f -> !f.equals("table"));
            if (template.isPresent()) {
                invocation.context().print(DiskUsageDocument.apply(template.get(), invocation, sizes));
                return Outcome.DONE;
            }
            invocation.context().print(verbose(invocation, sizes, report));
            return Outcome.DONE;
        }
        if (format.isEmpty()) {
            return new Outcome.Show(report);
        }
        var rows = report.lines().stream().map(DiskUsageCommand::context).toList();
        invocation.context().print(format.get().rows(HEADINGS, rows));
        return Outcome.DONE;
    }

    private static List<Line> lines(Invocation invocation, SharedSizes sizes) throws IOException {
        Store store = invocation.store();
        Set<Digest> held = new HashSet<>();
        invocation.context().session().inUse().stream().map(Image::id).forEach(held::add);
        ContainerUsage containers = ContainerUsage.of(invocation);
        held.addAll(containers.images());
        VolumeUsage volumes = VolumeUsage.of(invocation);
        List<Images.Summary> images = SharedSizes.ownImages(store);
        long active = images.stream().filter(image -> held.contains(image.id())).count();
        SharedSizes inUse = sizes.only(held);
        var cache = BuildCacheEntries.of(invocation.services(), sizes);
        long used = cache.list().stream()
                .filter(BuildCacheEntries.CacheEntry::inUse)
                .count();
        return List.of(
                new Line("Images", images.size(), active, sizes.total(), sizes.total() - inUse.total(), true),
                new Line(
                        "Containers",
                        containers.entries().size(),
                        containers.running(),
                        containers.size(),
                        containers.reclaimable(),
                        true),
                new Line(
                        "Local Volumes",
                        volumes.entries().size(),
                        volumes.inUse(),
                        volumes.size(),
                        volumes.reclaimable(),
                        true),
                new Line("Build Cache", cache.list().size(), used, cache.total(), cache.reclaimable(), false));
    }

    private static GoStruct context(Line line) {
        return GoStruct.context("*formatter.diskUsageImagesContext")
                .field("Active", Long.toString(line.active()))
                .field("Reclaimable", DiskUsageView.reclaimable(line))
                .field("Size", DockerUnits.longSize(line.size()))
                .field("TotalCount", Long.toString(line.total()))
                .field("Type", line.type())
                .build();
    }

    private static String verbose(Invocation invocation, SharedSizes sizes, DiskUsageReport report) throws IOException {
        ContainerUsage containers = ContainerUsage.of(invocation);
        var text = new StringBuilder("Images space usage:\n\n");
        var table =
                new StringBuilder("REPOSITORY\tTAG\tIMAGE ID\tCREATED\tSIZE\tSHARED SIZE\tUNIQUE SIZE\tCONTAINERS\n");
        for (Images.Summary image : SharedSizes.ownImages(invocation.store())) {
            var line = ImageRows.of(image, image.names(), false).getFirst();
            long shared = sizes.shared(image.id()).orElse(0L);
            table.append(String.join(
                            "\t",
                            line.repository(),
                            line.tag(),
                            image.id().shortHex(),
                            image.created()
                                    .map(time -> DockerUnits.ago(time, invocation.now()))
                                    .orElse(""),
                            DockerUnits.size(image.size()),
                            DockerUnits.longSize(shared),
                            DockerUnits.longSize(image.size() - shared),
                            Long.toString(containers.of(image.id()))))
                    .append('\n');
        }
        text.append(TabWriter.table(table.toString()));
        text.append("\nContainers space usage:\n\n").append(containers.table());
        text.append("\nLocal Volumes space usage:\n\n")
                .append(VolumeUsage.of(invocation).table());
        Line cache = report.lines().getLast();
        text.append("\nBuild cache usage: ")
                .append(DockerUnits.longSize(cache.size()))
                .append("\n\n");
        return text.append(cacheTable(invocation, sizes)).append('\n').toString();
    }

    private static String cacheTable(Invocation invocation, SharedSizes sizes) throws IOException {
        var table = new StringBuilder("CACHE ID\tCACHE TYPE\tSIZE\tCREATED\tLAST USED\tUSAGE\tSHARED\n");
        for (var entry : BuildCacheEntries.of(invocation.services(), sizes).list()) {
            table.append(entry.id(), 0, 12).append('\t').append(entry.type()).append('\t');
            table.append(DockerUnits.longSize(entry.size())).append("\t\t");
            table.append(DockerUnits.ago(entry.used(), invocation.now())).append("\t\t");
            table.append(entry.shared()).append('\n');
        }
        return TabWriter.table(table.toString());
    }
}
