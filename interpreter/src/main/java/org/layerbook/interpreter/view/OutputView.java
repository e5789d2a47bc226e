package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.interpreter.report.OutputReport;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Fold;
import org.layerbook.interpreter.view.layout.Block.Listing;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.SafeText;
import org.layerbook.interpreter.view.layout.Span;

/** The rest of a long output: while it comes its last lines, afterwards a fold. */
final class OutputView {
    private static final int LINE_COLUMNS = 240;
    private static final int TEXT_LINES = 10;

    private OutputView() {}

    static String text(OutputReport report) {
        var lines = new ArrayList<String>();
        int shown = Math.min(TEXT_LINES, report.last().size());
        long left = report.lines() - shown;
        if (left > 0) {
            lines.add("… " + Numbers.count(left, "more line") + of(report));
        }
        report.last()
                .subList(report.last().size() - shown, report.last().size())
                .forEach(line -> lines.add(SafeText.abbreviate(SafeText.clean(line), LINE_COLUMNS)));
        return String.join("\n", lines);
    }

    private static String of(OutputReport report) {
        return report.source().map(source -> " of " + source).orElse("");
    }

    static List<Block> blocks(OutputReport report) {
        String more = Numbers.count(report.lines(), "more line") + of(report);
        var listing = new Listing(
                report.last().stream()
                        .map(line -> Span.line(Span.dim("│ "), Span.of(SafeText.abbreviate(line, LINE_COLUMNS))))
                        .toList(),
                false);
        if (report.running()) {
            return List.of(listing, new Paragraph(Span.line(Span.dim("… " + more)), false));
        }
        String title = report.lines() > report.last().size()
                ? more + ", the last " + Numbers.count(report.last().size())
                : more;
        return List.of(new Fold(title, List.of(listing)));
    }
}
