package org.layerbook.interpreter.view;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.report.BuildReport;
import org.layerbook.interpreter.report.ChangesReport;
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

/** Reports as a person sees them. Pure: the same report and options give the same text. */
public final class Views {
    private Views() {}

    /** Every form a report has. */
    public static Rendered render(Report report, ViewOptions options) {
        return switch (report) {
            case StepsReport steps -> paint(StepsView.blocks(steps, options), options);
            case FailureReport failure -> paint(FailureView.blocks(failure), options);
            case StagesReport stages -> paint(StagesView.blocks(stages), options);
            case BuildReport build -> paint(BuildView.blocks(build), options);
            case LayersReport layers -> paint(LayersView.blocks(layers), options);
            case FilesReport files -> paint(FilesView.blocks(files), options);
            case DifferenceReport difference -> paint(DifferenceView.blocks(difference), options);
            case RegistryReport registry -> paint(RegistryView.blocks(registry), options);
            case RegistryLogReport log -> paint(RegistryView.blocks(log), options);
            case ChangesReport changes -> paint(ChangesView.blocks(changes), options);
            case TransferReport transfer -> page(transfer.text(), TransferView.blocks(transfer));
            case OutputReport output -> page(OutputView.text(output), OutputView.blocks(output));
            case TextReport text -> Rendered.text(text.text());
            case ImagesReport images -> page(ImagesView.text(images, options), ImagesView.blocks(images, options));
            case HistoryReport history ->
                page(HistoryView.text(history, options), HistoryView.blocks(history, options));
            case DiskUsageReport usage -> page(DiskUsageView.text(usage), DiskUsageView.blocks(usage));
            case InspectReport inspect -> {
                Map<String, String> forms =
                        new LinkedHashMap<>(page(InspectView.text(inspect), InspectView.blocks(inspect))
                                .byMimeType());
                forms.put(Rendered.JSON, InspectView.json(inspect));
                yield new Rendered(forms);
            }
        };
    }

    /** The plain text alone, without a newline at its end. */
    public static String text(Report report, ViewOptions options) {
        return switch (report) {
            case StepsReport steps -> plain(StepsView.blocks(steps, options), options);
            case FailureReport failure -> plain(FailureView.blocks(failure), options);
            case StagesReport stages -> plain(StagesView.blocks(stages), options);
            case BuildReport build -> plain(BuildView.blocks(build), options);
            case LayersReport layers -> plain(LayersView.blocks(layers), options);
            case FilesReport files -> plain(FilesView.blocks(files), options);
            case DifferenceReport difference -> plain(DifferenceView.blocks(difference), options);
            case RegistryReport registry -> plain(RegistryView.blocks(registry), options);
            case RegistryLogReport log -> plain(RegistryView.blocks(log), options);
            case ChangesReport changes -> plain(ChangesView.blocks(changes), options);
            case TransferReport transfer -> transfer.text();
            case OutputReport output -> OutputView.text(output);
            case TextReport text -> text.text();
            case ImagesReport images -> ImagesView.text(images, options);
            case HistoryReport history -> HistoryView.text(history, options);
            case DiskUsageReport usage -> DiskUsageView.text(usage);
            case InspectReport inspect -> InspectView.text(inspect);
        };
    }

    /** Docker's own text, and a page that shows more. */
    private static Rendered page(String text, List<Block> blocks) {
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put(Rendered.TEXT, text);
        forms.put(Rendered.HTML, HtmlPainter.paint(blocks));
        return new Rendered(forms);
    }

    private static Rendered paint(List<Block> blocks, ViewOptions options) {
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put(Rendered.TEXT, plain(blocks, options));
        forms.put(Rendered.ANSI, new TextPainter(options.columns(), true).paint(blocks));
        forms.put(Rendered.HTML, HtmlPainter.paint(blocks));
        return new Rendered(forms);
    }

    private static String plain(List<Block> blocks, ViewOptions options) {
        return new TextPainter(options.columns(), false).paint(blocks);
    }
}
