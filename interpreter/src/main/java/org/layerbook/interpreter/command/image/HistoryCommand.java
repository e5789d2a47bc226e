package org.layerbook.interpreter.command.image;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.spec.CommandException;
import org.layerbook.interpreter.command.spec.CommandSpec;
import org.layerbook.interpreter.command.spec.CommandSpec.Completes;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;
import org.layerbook.interpreter.command.spec.CommandSpec.Outcome;
import org.layerbook.interpreter.command.spec.CommandSpec.Spelling;
import org.layerbook.interpreter.command.spec.ImageArgument;
import org.layerbook.interpreter.command.spec.OutputFormat;
import org.layerbook.interpreter.report.HistoryReport;
import org.layerbook.interpreter.report.HistoryReport.Line;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.HistoryView;
import org.layerbook.interpreter.view.layout.DockerUnits;

/** {@code docker history}. */
public final class HistoryCommand {
    public static final CommandSpec SPEC = new CommandSpec(
            List.of(Spelling.of("image history"), Spelling.of("history")),
            "[OPTIONS] IMAGE",
            "Show the history of an image",
            Arity.exactly(1),
            List.of(
                    OutputFormat.option(),
                    OptionSpec.toggle('H', "human", "Print sizes and dates in human readable format (default true)"),
                    OptionSpec.toggle("no-trunc", "Don't truncate output"),
                    OptionSpec.text(
                                    "platform",
                                    "Show history for the given platform. Formatted as \"os[/arch[/variant]]\" (e.g., \"linux/amd64\")")
                            .oneOf("linux/amd64", "linux/arm64")
                            .hiddenFromHelp(),
                    OptionSpec.toggle('q', "quiet", "Only show image IDs")),
            Completes.ONE_IMAGE,
            HistoryCommand::run);

    private static final Map<String, String> HEADINGS = headings();

    private HistoryCommand() {}

    private static Map<String, String> headings() {
        var headings = new LinkedHashMap<String, String>();
        headings.put("ID", "IMAGE");
        headings.put("CreatedSince", "CREATED");
        headings.put("CreatedAt", "CREATED AT");
        headings.put("CreatedBy", "CREATED BY");
        headings.put("Size", "SIZE");
        headings.put("Comment", "COMMENT");
        return headings;
    }

    private static Outcome run(Invocation invocation) throws CommandException, IOException {
        var options = invocation.options();
        Image image = ImageArgument.resolve(invocation.arguments().getFirst(), invocation)
                .load(invocation.store());
        boolean full = options.on("no-trunc");
        boolean human = options.on("human", true);
        var report = HistoryReport.of(image, full, human);
        Optional<OutputFormat> format = OutputFormat.of(options.text("format"));
        if (format.isEmpty() && options.on("quiet")) {
            format = Optional.of(OutputFormat.template("{{.ID}}"));
        }
        if (format.isEmpty()) {
            boolean unfolds =
                    invocation.context().display().filter(CellOutput::unfolds).isPresent();
            return new Outcome.Show(
                    unfolds
                            ? report.withChanges(
                                    changes(image, invocation.services().snapshots()))
                            : report);
        }
        var rows = report.lines().stream()
                .map(line -> context(line, full, human, invocation))
                .toList();
        invocation.context().print(format.get().rows(HEADINGS, rows));
        return Outcome.DONE;
    }

    /** By chain ID; of the layers whose files are there. */
    private static Map<Digest, LayerChanges> changes(Image image, Snapshots snapshots) throws IOException {
        var changes = new HashMap<Digest, LayerChanges>();
        for (Layer layer : image.layers()) {
            if (snapshots.contains(layer.chainId())) {
                changes.put(layer.chainId(), snapshots.changes(layer.chainId()));
            }
        }
        return changes;
    }

    private static GoStruct context(Line line, boolean full, boolean human, Invocation invocation) {
        String at = DockerUnits.rfc3339(line.created().orElse(DockerUnits.NO_TIME), invocation.zone());
        String since = line.created()
                .map(time -> DockerUnits.ago(time, invocation.now()))
                .orElse("N/A");
        return GoStruct.context("*image.historyContext")
                .field("Comment", line.comment())
                .field("CreatedAt", at)
                .field("CreatedBy", HistoryView.createdBy(line, full))
                .field("CreatedSince", human ? since : at)
                .field("ID", HistoryView.id(line, full))
                .field("Size", human ? DockerUnits.size(line.size()) : Long.toString(line.size()))
                .build();
    }
}
