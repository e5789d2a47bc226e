package org.layerbook.interpreter.view;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.layerbook.interpreter.Lazy;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.report.BuildReport;
import org.layerbook.interpreter.report.ChangesReport;
import org.layerbook.interpreter.report.ContainersReport;
import org.layerbook.interpreter.report.DifferenceReport;
import org.layerbook.interpreter.report.DiskUsageReport;
import org.layerbook.interpreter.report.FailureReport;
import org.layerbook.interpreter.report.FilesReport;
import org.layerbook.interpreter.report.HistoryReport;
import org.layerbook.interpreter.report.ImagesReport;
import org.layerbook.interpreter.report.InspectReport;
import org.layerbook.interpreter.report.LayersReport;
import org.layerbook.interpreter.report.OutputReport;
import org.layerbook.interpreter.report.RegistryLogReport;
import org.layerbook.interpreter.report.RegistryReport;
import org.layerbook.interpreter.report.Report;
import org.layerbook.interpreter.report.StagesReport;
import org.layerbook.interpreter.report.StepsReport;
import org.layerbook.interpreter.report.TextReport;
import org.layerbook.interpreter.report.TransferReport;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.HtmlPainter;
import org.layerbook.interpreter.view.layout.TextPainter;
import org.layerbook.interpreter.view.layout.ViewOptions;

/** Reports as a user sees them. Pure: the same report and options give the same text. */
public final class Views {
    private Views() {}

    /** Every form a report has, each painted when it is asked for. */
    public static Rendered render(Report report, ViewOptions options) {
        return switch (page(report, options)) {
            case Page.Text(String text) -> Rendered.text(text);
            case Page.Laid(var layout) -> {
                Supplier<List<Block>> blocks = new Lazy<>(layout);
                yield Rendered.text(() -> plain(blocks.get(), options))
                        .with(Rendered.ANSI, () -> new TextPainter(options.columns(), true).paint(blocks.get()))
                        .with(Rendered.HTML, () -> HtmlPainter.paint(blocks.get()));
            }
            case Page.Docker(var text, var blocks, var json) -> {
                Rendered rendered = Rendered.text(text).with(Rendered.HTML, () -> HtmlPainter.paint(blocks.get()));
                yield json.isEmpty() ? rendered : rendered.with(Rendered.JSON, json.get());
            }
        };
    }

    /** The plain text alone, without a newline at its end. */
    public static String text(Report report, ViewOptions options) {
        return switch (page(report, options)) {
            case Page.Text(String text) -> text;
            case Page.Laid(var blocks) -> plain(blocks.get(), options);
            case Page.Docker(var text, var _, var _) -> text.get();
        };
    }

    private static Page page(Report report, ViewOptions options) {
        return switch (report) {
            case StepsReport steps -> new Page.Laid(() -> StepsView.blocks(steps, options));
            case FailureReport failure -> new Page.Laid(() -> FailureView.blocks(failure));
            case StagesReport stages -> new Page.Laid(() -> StagesView.blocks(stages));
            case BuildReport build -> new Page.Laid(() -> BuildView.blocks(build));
            case LayersReport layers -> new Page.Laid(() -> LayersView.blocks(layers));
            case FilesReport files -> new Page.Laid(() -> FilesView.blocks(files));
            case DifferenceReport difference -> new Page.Laid(() -> DifferenceView.blocks(difference));
            case RegistryReport registry -> new Page.Laid(() -> RegistryView.blocks(registry));
            case RegistryLogReport log -> new Page.Laid(() -> RegistryView.blocks(log));
            case ChangesReport changes -> new Page.Laid(() -> ChangesView.blocks(changes));
            case TransferReport transfer -> new Page.Docker(transfer::text, () -> TransferView.blocks(transfer));
            case OutputReport output -> new Page.Docker(() -> OutputView.text(output), () -> OutputView.blocks(output));
            case TextReport text -> new Page.Text(text.text());
            case ImagesReport images ->
                new Page.Docker(() -> ImagesView.text(images, options), () -> ImagesView.blocks(images, options));
            case ContainersReport containers ->
                new Page.Docker(
                        () -> ContainersView.text(containers, options),
                        () -> ContainersView.blocks(containers, options));
            case HistoryReport history ->
                new Page.Docker(() -> HistoryView.text(history, options), () -> HistoryView.blocks(history, options));
            case DiskUsageReport usage ->
                new Page.Docker(() -> DiskUsageView.text(usage), () -> DiskUsageView.blocks(usage));
            case InspectReport inspect ->
                new Page.Docker(
                        () -> InspectView.text(inspect),
                        () -> InspectView.blocks(inspect),
                        Optional.of(() -> InspectView.json(inspect)));
        };
    }

    /** How a report is shown. */
    private sealed interface Page {
        record Text(String text) implements Page {}

        /** Laid out once, in blocks, for every form. */
        record Laid(Supplier<List<Block>> blocks) implements Page {}

        /** Docker's own text, and a page that shows more. */
        record Docker(Supplier<String> text, Supplier<List<Block>> blocks, Optional<Supplier<String>> json)
                implements Page {
            Docker(Supplier<String> text, Supplier<List<Block>> blocks) {
                this(text, blocks, Optional.empty());
            }
        }
    }

    private static String plain(List<Block> blocks, ViewOptions options) {
        return new TextPainter(options.columns(), false).paint(blocks);
    }
}
