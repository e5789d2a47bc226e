package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.interpreter.report.FailureReport;
import org.layerbook.interpreter.report.FailureReport.Place;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Listing;
import org.layerbook.interpreter.view.layout.SafeText;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.Tone;

/** A failure: the sentence, the line with a caret and what would be right beside it, the last output, what stands now. */
final class FailureView {
    private FailureView() {}

    static List<Block> blocks(FailureReport report) {
        var lines = new ArrayList<List<Span>>();
        lines.add(List.of(Span.of(report.message(), Tone.BAD)));
        report.place().ifPresent(place -> place(lines, place, report.hint().orElse("")));
        if (report.place().isEmpty()) {
            report.hint().ifPresent(hint -> lines.add(List.of(Span.of(hint))));
        }
        report.output().forEach(line -> lines.add(List.of(Span.dim("  │ "), Span.of(line))));
        report.after().ifPresent(after -> lines.add(List.of(Span.dim(after))));
        return List.of(new Listing(lines, true));
    }

    private static void place(List<List<Span>> lines, Place place, String hint) {
        int last = place.firstLine() + place.lines().size() - 1;
        int digits = Integer.toString(last).length();
        place.name().ifPresent(name -> lines.add(List.of(Span.dim("  " + name + ", line " + place.line()))));
        boolean hinted = false;
        for (int i = 0; i < place.lines().size(); i++) {
            int number = place.firstLine() + i;
            String line = place.lines().get(i);
            lines.add(List.of(
                    Span.dim("  " + SafeText.padLeft(Integer.toString(number), digits) + " │ "), Span.of(line)));
            if (number == place.line() && place.endColumn() > place.startColumn()) {
                lines.add(List.of(
                        Span.dim("  " + " ".repeat(digits) + " │ "),
                        Span.of(caret(line, place), Tone.BAD),
                        Span.of(hint.isEmpty() ? "" : " " + hint)));
                hinted = true;
            }
        }
        if (!hinted && !hint.isEmpty()) {
            lines.add(List.of(Span.dim("  " + " ".repeat(digits) + " │ "), Span.of(hint)));
        }
    }

    private static String caret(String line, Place place) {
        int start = Math.min(place.startColumn() - 1, line.length());
        int end = Math.clamp(place.endColumn() - 1, start, line.length());
        int before = SafeText.width(SafeText.clean(line.substring(0, start)));
        int marked = Math.max(1, SafeText.width(SafeText.clean(line.substring(start, end))));
        return " ".repeat(before) + "^".repeat(marked);
    }
}
