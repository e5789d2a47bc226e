package org.layerbook.interpreter.view;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerbook.interpreter.Rendered;
import org.layerbook.interpreter.report.FailureReport;
import org.layerbook.interpreter.report.Report;
import org.layerbook.interpreter.report.StagesReport;
import org.layerbook.interpreter.report.StepsReport;
import org.layerbook.interpreter.report.TextReport;

/** Reports as a person sees them. Pure: the same report and options give the same text. */
public final class Views {
    private Views() {}

    /** Every form a report has. */
    public static Rendered render(Report report, ViewOptions options) {
        return switch (report) {
            case StepsReport steps -> paint(StepsView.blocks(steps, options), options);
            case FailureReport failure -> paint(FailureView.blocks(failure), options);
            case StagesReport stages -> paint(StagesView.blocks(stages), options);
            case TextReport text -> Rendered.text(text.text());
        };
    }

    /** The plain text alone, without a newline at its end. */
    public static String text(Report report, ViewOptions options) {
        return render(report, options).text();
    }

    private static Rendered paint(List<Block> blocks, ViewOptions options) {
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put(Rendered.TEXT, new TextPainter(options.columns(), false).paint(blocks));
        forms.put(Rendered.ANSI, new TextPainter(options.columns(), true).paint(blocks));
        forms.put(Rendered.HTML, HtmlPainter.paint(blocks));
        return new Rendered(forms);
    }
}
