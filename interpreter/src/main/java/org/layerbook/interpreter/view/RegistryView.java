package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.interpreter.report.RegistryLogReport;
import org.layerbook.interpreter.report.RegistryReport;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.Block.Column;
import org.layerbook.interpreter.view.layout.Block.Grid;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.SafeText;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.Tone;

/** The practice registry: where it is and what it holds, and what it was asked. */
final class RegistryView {
    private static final int LONGEST_PATH = 90;
    /** Statuses from here on say that something was not done. */
    private static final int FAILURES = 400;

    private RegistryView() {}

    static List<Block> blocks(RegistryReport report) {
        var blocks = new ArrayList<Block>();
        blocks.add(new Paragraph(
                Span.line(
                        Span.of("A practice registry is running at "),
                        Span.key(report.address()),
                        Span.dim(" ($REGISTRY)"),
                        Span.of(report.user().isEmpty() ? ", open to anyone on this machine." : ".")),
                false));
        report.user().ifPresent(user -> blocks.add(new Paragraph(login(report, user), false)));
        blocks.add(new Paragraph(
                report.kept()
                        .map(folder -> Span.line(
                                Span.of("Its images are kept in" + " "), Span.code(folder.toString()), Span.of(".")))
                        .orElse(Span.line(Span.dim("Its images are removed when it stops, at the latest at the end"
                                + " of this session."))),
                false));
        if (report.repositories().isEmpty()) {
            blocks.add(new Paragraph(Span.line(Span.dim("It has no images yet.")), false));
        } else {
            blocks.add(new Grid(
                    List.of(Column.left("repository"), Column.elastic("tags")),
                    report.repositories().stream()
                            .map(repository -> List.of(
                                    Cell.of(Span.code(report.address() + "/" + repository.name())),
                                    Cell.of(Span.of(String.join(", ", repository.tags())))))
                            .toList(),
                    true));
        }
        return blocks;
    }

    private static List<Span> login(RegistryReport report, String user) {
        var spans = new ArrayList<Span>(List.of(Span.of("It requires a login: user "), Span.key(user)));
        if (report.password().isPresent()) {
            spans.addAll(
                    List.of(Span.of(", password "), Span.key(report.password().get()), Span.of(".")));
        } else {
            spans.add(Span.of(", with the password given at start."));
        }
        return spans;
    }

    static List<Block> blocks(RegistryLogReport report) {
        if (report.requests().isEmpty()) {
            return List.of(new Paragraph(Span.line(Span.of("No requests yet.")), false));
        }
        List<List<Cell>> rows = report.requests().stream()
                .map(request -> List.of(
                        Cell.of(Span.dim(request.time())),
                        Cell.of(Span.of(request.method())),
                        Cell.of(Span.code(request.path(), LONGEST_PATH)),
                        Cell.of(Span.of(
                                Integer.toString(request.status()),
                                request.status() >= FAILURES ? Tone.WARN : Tone.GOOD)),
                        Cell.of(Span.dim(Numbers.size(request.size()))),
                        Cell.of(Span.dim(SafeText.abbreviate(request.client(), 24)))))
                .toList();
        var blocks = new ArrayList<Block>();
        if (report.earlier() > 0) {
            blocks.add(new Paragraph(Span.line(Span.dim(Numbers.count(report.earlier(), "earlier request"))), false));
        }
        blocks.add(new Grid(
                List.of(
                        Column.left("time"),
                        Column.left("method"),
                        Column.elastic("path"),
                        Column.right("status"),
                        Column.right("size"),
                        Column.left("client")),
                rows,
                true));
        return blocks;
    }
}
