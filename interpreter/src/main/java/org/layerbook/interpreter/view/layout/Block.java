package org.layerbook.interpreter.view.layout;

import java.util.List;

/** The few things a view is laid out of. One layout serves text, coloured text and HTML. */
public sealed interface Block {
    enum Align {
        LEFT,
        RIGHT
    }

    /** @param elastic gives way first when the terminal is narrow */
    record Column(String title, Align align, boolean elastic) {
        public static Column left(String title) {
            return new Column(title, Align.LEFT, false);
        }

        public static Column right(String title) {
            return new Column(title, Align.RIGHT, false);
        }

        public static Column elastic(String title) {
            return new Column(title, Align.LEFT, true);
        }
    }

    sealed interface Cell {
        Cell EMPTY = new Words(List.of());

        static Cell of(Span... spans) {
            return new Words(List.of(spans));
        }

        static Cell of(List<Span> spans) {
            return new Words(spans);
        }

        static Cell bar(double share, Tone tone) {
            return new Bar(List.of(new Part(share, tone)));
        }
    }

    record Words(List<Span> spans) implements Cell {
        public Words {
            spans = List.copyOf(spans);
        }
    }

    /** A line that opens to what stands behind it; where nothing can be unfolded, the line alone. */
    record Unfolding(List<Span> summary, List<Block> body) implements Cell {
        public Unfolding {
            summary = List.copyOf(summary);
            body = List.copyOf(body);
        }
    }

    /** Drawn beside its number, never instead of it. Shares are of the table's longest possible bar, and sum to 1 at most. */
    record Bar(List<Part> parts) implements Cell {
        public Bar {
            parts = List.copyOf(parts);
        }
    }

    record Part(double share, Tone tone) {}

    /** @param headed whether the titles are shown */
    record Grid(List<Column> columns, List<List<Cell>> rows, boolean headed) implements Block {
        public Grid {
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
        }
    }

    /** One line under (or over) a table. @param rule a thin line above it, where lines can be drawn */
    record Paragraph(List<Span> spans, boolean rule) implements Block {
        public Paragraph {
            spans = List.copyOf(spans);
        }
    }

    /** Detail on demand; left out where nothing can be unfolded. Several in a row stand side by side. */
    record Fold(String summary, List<Block> body) implements Block {
        public Fold {
            body = List.copyOf(body);
        }
    }

    /** Preformatted lines. @param alarm stands out as a failure */
    record Listing(List<List<Span>> lines, boolean alarm) implements Block {
        public Listing {
            lines = lines.stream().map(List::copyOf).toList();
        }
    }

    /**
     * An item of a collapsible tree and what is below it.
     *
     * @param figure stands in a column of its own, whatever the depth; empty for none
     */
    record Node(String figure, List<Span> label, List<Node> children, boolean open) {
        public Node {
            label = List.copyOf(label);
            children = List.copyOf(children);
        }

        public static Node leaf(Span... label) {
            return new Node("", List.of(label), List.of(), false);
        }
    }

    /**
     * @param figures whether its items have any
     * @param text what stands for the tree where there is nothing to unfold
     */
    record Tree(List<Node> roots, boolean figures, List<String> text) implements Block {
        public Tree {
            roots = List.copyOf(roots);
            text = List.copyOf(text);
        }
    }
}
