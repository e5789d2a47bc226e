package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.interpreter.report.StepsReport;
import org.layerbook.interpreter.report.StepsReport.LiveImage;
import org.layerbook.interpreter.report.StepsReport.Row;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.Block.Column;
import org.layerbook.interpreter.view.layout.Block.Grid;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.Span;
import org.layerbook.interpreter.view.layout.Tone;
import org.layerbook.interpreter.view.layout.ViewOptions;

/** The step table and the line on the live image under it. */
final class StepsView {
    private static final int STEP_COLUMNS = 60;
    static final List<Column> COLUMNS = List.of(
            Column.right("#"),
            Column.elastic("step"),
            Column.right("time"),
            Column.right("adds"),
            Column.left(""),
            Column.elastic("files"));

    private StepsView() {}

    static List<Block> blocks(StepsReport report, ViewOptions options) {
        long largest =
                Math.max(1, report.steps().stream().mapToLong(Row::size).max().orElse(0));
        var blocks = new ArrayList<Block>();
        if (!report.steps().isEmpty()) {
            var rows = report.steps().stream().map(step -> row(step, largest)).toList();
            blocks.add(new Grid(COLUMNS, rows, true));
        }
        report.live().ifPresent(live -> {
            blocks.add(new Paragraph(summary(live), true));
            blocks.addAll(StepDetails.folds(report.steps(), live, options));
        });
        return blocks;
    }

    /** The base's size is in it, so that the bars of cells on the same base can be compared. */
    private static long largest(StepsReport report) {
        long base = report.live().map(LiveImage::baseSize).orElse(0L);
        return report.steps().stream().mapToLong(Row::size).reduce(Math.max(1, base), Math::max);
    }

    static List<Cell> row(Row step, long largest) {
        return List.of(
                Cell.of(Span.dim(Integer.toString(step.number()))),
                Cell.of(Instructions.spans(step, STEP_COLUMNS)),
                Cell.of(time(step)),
                Cell.of(size(step)),
                step.size() == 0
                        ? Cell.EMPTY
                        : Cell.bar((double) step.size() / largest, Instructions.tone(step.instruction())),
                Cell.of(files(step)));
    }

    private static Span time(Row step) {
        return switch (step.state()) {
            case WAITING -> Span.dim("waiting");
            case RUNNING -> Span.of("running " + Numbers.time(step.time()));
            case DONE -> Span.of(Numbers.time(step.time()));
            case CACHED -> Span.of("cached", Tone.GOOD);
            case FAILED -> Span.of("failed", Tone.BAD);
        };
    }

    private static Span size(Row step) {
        return switch (step.state()) {
            case WAITING, RUNNING, FAILED -> Span.of("");
            case DONE, CACHED -> Span.of(Numbers.size(step.size()), step.size() == 0 ? Tone.DIM : Tone.PLAIN);
        };
    }

    private static List<Span> files(Row step) {
        var spans = new ArrayList<Span>();
        step.baseLayers().ifPresent(layers -> spans.add(Span.dim(Numbers.count(layers, "layer"))));
        spans.addAll(changeCounts(step.changes()));
        step.progress().ifPresent(progress -> spans.add(Span.dim(progress)));
        step.warnings().forEach(warning -> spans.add(Span.of(warning, Tone.WARN)));
        return separated(spans, " ");
    }

    /** {@code +2,214 ~3 −1}; nothing for what did not happen. */
    static List<Span> changeCounts(LayerChanges changes) {
        return changeCounts(
                changes.count(LayerChanges.Kind.ADDED),
                changes.count(LayerChanges.Kind.MODIFIED),
                changes.count(LayerChanges.Kind.DELETED));
    }

    static List<Span> changeCounts(int added, int modified, int deleted) {
        var spans = new ArrayList<Span>();
        count(spans, added, "+", Tone.GOOD);
        count(spans, modified, "~", Tone.PLAIN);
        count(spans, deleted, "−", Tone.BAD);
        return spans;
    }

    private static void count(List<Span> spans, int count, String sign, Tone tone) {
        if (count > 0) {
            spans.add(Span.of(sign + Numbers.count(count), tone));
        }
    }

    private static List<Span> summary(LiveImage live) {
        long size = live.image().size();
        var spans = new ArrayList<Span>();
        spans.add(Span.key(live.reference() + " " + Numbers.size(size)));
        spans.add(Span.of(" in " + Numbers.count(live.image().layers().size(), "layer")));
        if (live.replaced().isPresent()) {
            long was = live.replaced().orElseThrow().size();
            spans.add(Span.dim(" · was " + Numbers.size(was) + ", "));
            spans.add(Span.of(Numbers.sizeChange(size - was), size <= was ? Tone.GOOD : Tone.WARN));
        } else {
            String added = size == live.baseSize() ? "" : " + " + Numbers.size(size - live.baseSize());
            spans.add(Span.dim(" · " + live.base() + added));
        }
        live.missed().ifPresent(reason -> spans.add(Span.dim(" · missed the cache: " + reason)));
        spans.add(Span.dim(" · sha256:" + live.image().id().shortHex()));
        if (!live.outOfDate().isEmpty()) {
            spans.add(Span.of(" · out of date: " + String.join(", ", live.outOfDate()), Tone.WARN));
        }
        if (!live.stale().isEmpty()) {
            spans.add(Span.of(" · stale: " + String.join(", ", live.stale()), Tone.WARN));
        }
        return spans;
    }

    static List<Span> separated(List<Span> spans, String separator) {
        var all = new ArrayList<Span>();
        for (Span span : spans) {
            if (!all.isEmpty()) {
                all.add(Span.of(separator));
            }
            all.add(span);
        }
        return all;
    }
}
