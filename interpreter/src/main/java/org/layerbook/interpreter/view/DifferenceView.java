package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.layer.LayerChanges.Change;
import org.layerbook.engine.layer.LayerChanges.FileKind;
import org.layerbook.engine.layer.LayerChanges.Kind;
import org.layerbook.interpreter.report.DifferenceReport;
import org.layerbook.interpreter.report.DifferenceReport.PackageChange;
import org.layerbook.interpreter.view.Block.Listing;
import org.layerbook.interpreter.view.Block.Paragraph;

/** {@code %diff} and the changes of a step: one line a file, then config and packages. */
final class DifferenceView {
    private static final int MOST_LINES = 200;

    private DifferenceView() {}

    static List<Block> blocks(DifferenceReport report) {
        var blocks = new ArrayList<Block>();
        blocks.add(new Listing(files(report.files()), false));
        var config = ConfigChanges.lines(Optional.of(report.configBefore()), report.configAfter());
        if (!config.isEmpty()) {
            blocks.add(new Paragraph(Span.line(Span.key("config")), true));
            blocks.add(new Listing(config, false));
        }
        if (!report.packages().isEmpty()) {
            blocks.add(new Paragraph(Span.line(Span.key("packages")), true));
            blocks.add(new Listing(packages(report.packages()), false));
        }
        return blocks;
    }

    private static List<List<Span>> files(LayerChanges changes) {
        if (changes.changes().isEmpty()) {
            return List.of(Span.line(Span.of("No file differs.")));
        }
        var lines = new ArrayList<List<Span>>();
        changes.changes().stream().limit(MOST_LINES).forEach(change -> lines.add(line(change)));
        int more = changes.changes().size() - MOST_LINES;
        if (more > 0) {
            lines.add(Span.line(Span.dim("… and " + Figures.count(more) + " more")));
        }
        return lines;
    }

    /** {@code docker diff}'s letters: A added, C changed, D deleted. */
    private static List<Span> line(Change change) {
        Span letter = switch (change.kind()) {
            case ADDED -> Span.of("A ", Tone.GOOD);
            case MODIFIED -> Span.of("C ");
            case DELETED -> Span.of("D ", Tone.BAD);
        };
        boolean sized = change.fileKind() == FileKind.FILE && change.kind() != Kind.DELETED;
        return List.of(letter, Span.code(change.path()), Span.dim(sized ? "  " + Figures.size(change.size()) : ""));
    }

    private static List<List<Span>> packages(List<PackageChange> changes) {
        return changes.stream()
                .limit(MOST_LINES)
                .map(change -> {
                    if (change.from().isEmpty()) {
                        return Span.line(
                                Span.of("A ", Tone.GOOD),
                                Span.code(change.name() + " " + change.to().orElse("")));
                    }
                    if (change.to().isEmpty()) {
                        return Span.line(
                                Span.of("D ", Tone.BAD),
                                Span.code(change.name() + " " + change.from().orElse("")));
                    }
                    return Span.line(
                            Span.of("C "),
                            Span.code(change.name() + " " + change.to().orElse("")),
                            Span.dim(" (was " + change.from().orElse("") + ")"));
                })
                .toList();
    }
}
