package org.layerbook.interpreter.view;

import java.util.List;
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

    /** The plain text alone, without a newline at its end. */
    public static String text(Report report, ViewOptions options) {
        return render(report, options).text();
    }

    /** Every form a report has, each painted when it is asked for. */
    public static Rendered render(Report report, ViewOptions options) {
        return switch (report) {
            case StepsReport steps -> laid(() -> StepsView.blocks(steps, options), options);
            case FailureReport failure -> laid(() -> FailureView.blocks(failure), options);
            case StagesReport stages -> laid(() -> StagesView.blocks(stages), options);
            case BuildReport build -> laid(() -> BuildView.blocks(build), options);
            case LayersReport layers -> laid(() -> LayersView.blocks(layers), options);
            case FilesReport files -> laid(() -> FilesView.blocks(files), options);
            case DifferenceReport difference -> laid(() -> DifferenceView.blocks(difference), options);
            case RegistryReport registry -> laid(() -> RegistryView.blocks(registry), options);
            case RegistryLogReport log -> laid(() -> RegistryView.blocks(log), options);
            case ChangesReport changes -> laid(() -> ChangesView.blocks(changes), options);
            case TransferReport transfer -> docker(transfer::text, () -> TransferView.blocks(transfer));
            case OutputReport output -> docker(() -> OutputView.text(output), () -> OutputView.blocks(output));
            case TextReport text -> Rendered.text(text.text());
            case ImagesReport images ->
                docker(() -> ImagesView.text(images, options), () -> ImagesView.blocks(images, options));
            case ContainersReport containers ->
                docker(
                        () -> ContainersView.text(containers, options),
                        () -> ContainersView.blocks(containers, options));
            case HistoryReport history ->
                docker(() -> HistoryView.text(history, options), () -> HistoryView.blocks(history, options));
            case DiskUsageReport usage -> docker(() -> DiskUsageView.text(usage), () -> DiskUsageView.blocks(usage));
            case InspectReport inspect ->
                docker(() -> InspectView.text(inspect), () -> InspectView.blocks(inspect))
                        .with(Rendered.JSON, () -> InspectView.json(inspect));
        };
    }

    /** Laid out once, in blocks, for every form. */
    private static Rendered laid(Supplier<List<Block>> layout, ViewOptions options) {
        Supplier<List<Block>> blocks = new Lazy<>(layout);
        return Rendered.text(() -> new TextPainter(options.columns(), false).paint(blocks.get()))
                .with(Rendered.ANSI, () -> new TextPainter(options.columns(), true).paint(blocks.get()))
                .with(Rendered.HTML, () -> HtmlPainter.paint(blocks.get()));
    }

    /** Docker's own text, and a page that shows more. */
    private static Rendered docker(Supplier<String> text, Supplier<List<Block>> blocks) {
        return Rendered.text(text).with(Rendered.HTML, () -> HtmlPainter.paint(blocks.get()));
    }
}
