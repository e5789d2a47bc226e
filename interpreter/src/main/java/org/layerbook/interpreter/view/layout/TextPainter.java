package org.layerbook.interpreter.view.layout;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.interpreter.view.layout.Block.Align;
import org.layerbook.interpreter.view.layout.Block.Bar;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.Block.Column;
import org.layerbook.interpreter.view.layout.Block.Grid;
import org.layerbook.interpreter.view.layout.Block.Listing;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Block.Words;

/** Blocks as aligned text, with or without a terminal's colours. What is folded in a page is left out. */
public final class TextPainter {
    private static final int BAR_COLUMNS = 15;
    private static final int LEAST_ELASTIC = 24;
    private static final String GAP = "  ";
    private static final String OTHER_PART = "░";
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

    private final int columns;
    private final boolean colour;

    public TextPainter(int columns, boolean colour) {
        this.columns = Math.max(40, columns);
        this.colour = colour;
    }

    /** Lines without a newline at the end. */
    public String paint(List<Block> blocks) {
        var lines = new ArrayList<String>();
        for (Block block : blocks) {
            switch (block) {
                case Grid grid -> paintGrid(grid, lines);
                case Paragraph paragraph -> lines.add(spans(paragraph.spans()));
                case Listing listing -> listing.lines().forEach(line -> lines.add(spans(line)));
                case Block.Fold fold -> {}
                case Block.Tree tree -> lines.addAll(tree.text());
            }
        }
        return String.join("\n", lines);
    }

    private void paintGrid(Grid grid, List<String> lines) {
        int[] widths = widths(grid);
        if (grid.headed()) {
            var titles = grid.columns().stream()
                    .map(column -> Cell.of(Span.dim(column.title())))
                    .toList();
            lines.add(row(grid.columns(), titles, widths));
        }
        grid.rows().forEach(row -> lines.add(row(grid.columns(), row, widths)));
    }

    /** Every column as wide as its widest cell; where that is too much, the elastic ones give way, the last first. */
    private int[] widths(Grid grid) {
        int[] widths = new int[grid.columns().size()];
        int total = -GAP.length();
        for (int c = 0; c < widths.length; c++) {
            widths[c] = grid.headed() ? SafeText.width(grid.columns().get(c).title()) : 0;
            for (List<Cell> row : grid.rows()) {
                widths[c] = Math.max(widths[c], width(row.get(c)));
            }
            total += widths[c] + GAP.length();
        }
        for (int c = widths.length - 1; c >= 0 && total > columns; c--) {
            if (grid.columns().get(c).elastic()) {
                int narrower = Math.max(Math.min(LEAST_ELASTIC, widths[c]), widths[c] - (total - columns));
                total -= widths[c] - narrower;
                widths[c] = narrower;
            }
        }
        return widths;
    }

    private static int width(Cell cell) {
        return switch (cell) {
            case Words words -> width(words.spans());
            case Block.Unfolding unfolding -> width(unfolding.summary());
            case Bar bar -> drawnColumns(bar);
        };
    }

    private static int width(List<Span> spans) {
        return spans.stream()
                .mapToInt(span -> SafeText.width(SafeText.clean(span.text())))
                .sum();
    }

    private static int drawnColumns(Bar bar) {
        double share = bar.parts().stream().mapToDouble(Block.Part::share).sum();
        return share <= 0 ? 0 : Math.max(1, (int) Math.ceil(eighths(share) / 8.0));
    }

    private static int eighths(double share) {
        return Math.max(1, (int) Math.round(share * BAR_COLUMNS * 8));
    }

    private String row(List<Column> columns, List<Cell> cells, int[] widths) {
        var line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            if (widths[c] == 0) {
                continue;
            }
            if (!line.isEmpty()) {
                line.append(GAP);
            }
            String blanks = " ".repeat(Math.max(0, widths[c] - width(cells.get(c))));
            String text = cell(cells.get(c), widths[c]);
            line.append(columns.get(c).align() == Align.RIGHT ? blanks + text : text + blanks);
        }
        return line.toString().stripTrailing();
    }

    private String cell(Cell cell, int width) {
        return switch (cell) {
            case Words words -> spans(cut(words.spans(), width));
            case Block.Unfolding unfolding -> spans(cut(unfolding.summary(), width));
            case Bar bar -> bar(bar);
        };
    }

    private static List<Span> cut(List<Span> spans, int width) {
        var kept = new ArrayList<Span>();
        int left = width;
        for (Span span : spans) {
            String text = SafeText.abbreviate(SafeText.clean(span.text()), Math.max(1, left));
            kept.add(new Span(text, span.tone(), span.full()));
            left -= SafeText.width(text);
            if (left <= 0) {
                break;
            }
        }
        return kept;
    }

    private String spans(List<Span> spans) {
        var text = new StringBuilder();
        spans.forEach(span -> text.append(ink(SafeText.clean(span.text()), span.tone())));
        return text.toString();
    }

    private String bar(Bar bar) {
        var text = new StringBuilder();
        for (int i = 0; i < bar.parts().size(); i++) {
            Block.Part part = bar.parts().get(i);
            if (part.share() > 0) {
                text.append(ink(part(i, eighths(part.share())), part.tone()));
            }
        }
        return text.toString();
    }

    /** The first part of a bar, or a later one, which looks different without colours too. */
    static String part(int index, int eighths) {
        return index == 0 ? blocks(eighths) : OTHER_PART.repeat(Math.max(1, (int) Math.round(eighths / 8.0)));
    }

    /** A bar of that many eighths of a column. */
    static String blocks(int eighths) {
        String rest = eighths % 8 == 0 ? "" : String.valueOf(EIGHTHS.charAt(eighths % 8));
        return "█".repeat(eighths / 8) + rest;
    }

    private String ink(String text, Tone tone) {
        return colour && !tone.sgr().isEmpty() && !text.isEmpty()
                ? "\u001b[" + tone.sgr() + "m" + text + "\u001b[0m"
                : text;
    }
}
