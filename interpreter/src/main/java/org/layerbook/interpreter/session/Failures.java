package org.layerbook.interpreter.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.CrashLog;
import org.layerbook.interpreter.report.FailureReport;
import org.layerbook.interpreter.view.Views;
import org.layerbook.interpreter.view.layout.ViewOptions;

/** Failures as a user sees them. */
final class Failures {
    /** Lines of a long instruction that are repeated. */
    private static final int MOST_LINES = 5;

    private Failures() {}

    /**
     * @param cell the whole text that was run
     * @param after what stands now
     */
    static CellResult.Failed result(CellFailureException failure, String cell, Optional<String> after, int columns) {
        CellFailureException.Facts facts = failure.facts();
        List<String> details = facts.verbatim();
        Optional<FailureReport.Place> place = place(facts, cell);
        if (!details.isEmpty() && place.isPresent() && !isWhole(facts.place().orElseThrow(), cell)) {
            var where = new FailureReport("", place.map(Failures::head), Optional.empty(), List.of(), after);
            details = new ArrayList<>(details);
            details.addAll(Views.text(where, ViewOptions.of(columns))
                    .lines()
                    .filter(l -> !l.isBlank())
                    .toList());
        }
        if (details.isEmpty()) {
            var report = new FailureReport(facts.message(), place, facts.hint(), facts.output(), after);
            details = Views.text(report, ViewOptions.of(columns)).lines().toList();
        }
        return new CellResult.Failed(facts.name(), facts.message(), details, facts.exitStatus());
    }

    /** Whether the place is all that the cell holds. */
    private static boolean isWhole(SourceRange place, String cell) {
        String[] lines = cell.split("\r?\n", -1);
        return IntStream.rangeClosed(1, lines.length)
                .filter(n -> n < place.startLine() || n > place.endLine())
                .allMatch(n -> lines[n - 1].isBlank());
    }

    private static FailureReport.Place head(FailureReport.Place place) {
        return new FailureReport.Place(
                place.name(),
                place.firstLine(),
                place.lines().subList(0, 1),
                place.line(),
                place.startColumn(),
                place.endColumn());
    }

    /** A fault of this program. */
    static CellResult.Failed unexpected(Throwable fault) {
        return CrashLog.failed(fault);
    }

    private static Optional<FailureReport.Place> place(CellFailureException.Facts facts, String cell) {
        if (facts.place().isEmpty()) {
            return Optional.empty();
        }
        SourceRange range = facts.place().get();
        String text = facts.file().map(CellFailureException.FileText::text).orElse(cell);
        List<String> lines = List.of(text.split("\r?\n", -1));
        if (range.startLine() > lines.size()) {
            return Optional.empty();
        }
        int last = Math.min(Math.min(range.endLine(), lines.size()), range.startLine() + MOST_LINES - 1);
        String first = lines.get(range.startLine() - 1);
        int end = range.endLine() == range.startLine() ? range.endColumn() : first.length() + 1;
        return Optional.of(new FailureReport.Place(
                facts.file().map(CellFailureException.FileText::name),
                range.startLine(),
                lines.subList(range.startLine() - 1, last),
                range.startLine(),
                range.startColumn(),
                Math.max(end, range.startColumn())));
    }
}
