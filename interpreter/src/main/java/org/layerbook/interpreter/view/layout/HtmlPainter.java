package org.layerbook.interpreter.view.layout;

import java.util.List;
import org.layerbook.interpreter.view.layout.Block.Align;
import org.layerbook.interpreter.view.layout.Block.Bar;
import org.layerbook.interpreter.view.layout.Block.Cell;
import org.layerbook.interpreter.view.layout.Block.Fold;
import org.layerbook.interpreter.view.layout.Block.Grid;
import org.layerbook.interpreter.view.layout.Block.Listing;
import org.layerbook.interpreter.view.layout.Block.Node;
import org.layerbook.interpreter.view.layout.Block.Paragraph;
import org.layerbook.interpreter.view.layout.Block.Part;
import org.layerbook.interpreter.view.layout.Block.Tree;
import org.layerbook.interpreter.view.layout.Block.Unfolding;
import org.layerbook.interpreter.view.layout.Block.Words;

/**
 * Blocks as a self-contained piece of a page: no script, one small style sheet scoped by a class. Where a front-end strips
 * styles, what is left is a plain table; the bars are then drawn by block characters, which the style sheet hides.
 */
public final class HtmlPainter {
    private static final int BAR_PIXELS = 132;
    private static final int BAR_CHARACTERS = 12;
    private static final int LEGEND_PIXELS = 9;

    /** JupyterLab's own sheet sets cells to the right; in a notebook that is not trusted yet, ours is not there. */
    private static final String LEFT = " style=\"text-align:left\">";

    private final StringBuilder out = new StringBuilder();

    public static String paint(List<Block> blocks) {
        var painter = new HtmlPainter();
        painter.out.append("<div class=lb>");
        painter.out.append("<style>").append(StyleSheet.CSS).append("</style>");
        painter.blocks(blocks);
        painter.out.append("</div>");
        return painter.out.toString();
    }

    private void blocks(List<Block> blocks) {
        for (Block block : blocks) {
            switch (block) {
                case Grid grid -> grid(grid);
                case Paragraph paragraph -> {
                    out.append(paragraph.rule() ? "<div class=s>" : "<div>");
                    spans(paragraph.spans());
                    out.append("</div>");
                }
                case Listing listing -> listing(listing);
                case Fold fold -> unfolding(List.of(Span.of(fold.summary())), fold.body());
                case Tree tree -> {
                    out.append(tree.figures() ? "<div class=y>" : "<div>");
                    nodes(tree.roots());
                    out.append("</div>");
                }
            }
        }
    }

    private void grid(Grid grid) {
        out.append("<table>");
        if (grid.headed()) {
            out.append("<tr>");
            grid.columns()
                    .forEach(column -> out.append(column.align() == Align.RIGHT ? "<th align=right>" : "<th" + LEFT)
                            .append(escape(column.title()))
                            .append("</th>"));
            out.append("</tr>");
        }
        for (List<Cell> row : grid.rows()) {
            out.append("<tr>");
            for (int c = 0; c < row.size(); c++) {
                boolean right = grid.columns().get(c).align() == Align.RIGHT;
                out.append(right ? "<td align=right>" : "<td" + LEFT);
                switch (row.get(c)) {
                    case Words words -> spans(right ? unbroken(words.spans()) : words.spans());
                    case Unfolding unfolding -> unfolding(unfolding.summary(), unfolding.body());
                    case Bar bar -> bar(bar);
                }
                out.append("</td>");
            }
            out.append("</tr>");
        }
        out.append("</table>");
    }

    /** A number and its unit stay on one line, whatever the page's own rules are. */
    private static List<Span> unbroken(List<Span> spans) {
        return spans.stream()
                .map(span -> new Span(span.text().replace(' ', '\u00a0'), span.tone(), span.full()))
                .toList();
    }

    private void listing(Listing listing) {
        out.append(listing.alarm() ? "<pre class=e>" : "<pre>");
        for (int i = 0; i < listing.lines().size(); i++) {
            out.append(i == 0 ? "" : "\n");
            spans(listing.lines().get(i));
        }
        out.append("</pre>");
    }

    private void unfolding(List<Span> summary, List<Block> body) {
        out.append("<details><summary>");
        spans(summary);
        out.append("</summary>");
        blocks(body);
        out.append("</details>");
    }

    /** Lists within lists, so that the depth shows where the styles are gone. */
    private void nodes(List<Node> nodes) {
        out.append("<ul>");
        for (Node node : nodes) {
            out.append("<li>");
            if (node.children().isEmpty()) {
                label(node);
            } else {
                out.append(node.open() ? "<details open><summary>" : "<details><summary>");
                label(node);
                out.append("</summary>");
                nodes(node.children());
                out.append("</details>");
            }
        }
        out.append("</ul>");
    }

    private void label(Node node) {
        if (!node.figure().isEmpty()) {
            out.append("<span class=z>").append(escape(node.figure())).append("</span> ");
        }
        spans(node.label());
    }

    private void bar(Bar bar) {
        for (int i = 0; i < bar.parts().size(); i++) {
            Part part = bar.parts().get(i);
            if (part.share() > 0) {
                int pixels = Math.max(2, (int) Math.round(part.share() * BAR_PIXELS));
                int eighths = Math.max(1, (int) Math.round(part.share() * BAR_CHARACTERS * 8));
                piece(part.tone(), pixels, TextPainter.part(i, eighths));
            }
        }
    }

    private void piece(Tone tone, int pixels, String text) {
        out.append("<span class=\"i ")
                .append(tone.cssClass())
                .append("\" style=\"width:")
                .append(pixels)
                .append("px;color:")
                .append(colour(tone))
                .append("\" aria-hidden=true>")
                .append(text)
                .append("</span>");
    }

    /** Of a bar where the style sheet is gone and it is drawn by characters. */
    private static String colour(Tone tone) {
        return switch (tone) {
            case RUN -> "#d9772b";
            case COPY -> "#2f81d6";
            case GOOD -> "#1a8f4e";
            case WARN -> "#946200";
            default -> "#9aa4ad";
        };
    }

    private void spans(List<Span> spans) {
        for (Span span : spans) {
            String text = escape(SafeText.clean(span.text()));
            String title = span.full()
                    .map(full -> " title=\"" + escape(SafeText.abbreviate(full, 400)) + "\"")
                    .orElse("");
            switch (span.tone()) {
                case PLAIN -> out.append(text);
                case KEY -> out.append("<b>").append(text).append("</b>");
                case CODE ->
                    out.append("<code").append(title).append('>').append(text).append("</code>");
                case WORD -> out.append("<b class=h>").append(text).append("</b>");
                case STRING, VARIABLE, COMMENT ->
                    out.append("<code class=")
                            .append(span.tone().cssClass())
                            .append('>')
                            .append(text)
                            .append("</code>");
                // The key to a bar's colours.
                case BASE, COPY, RUN -> piece(span.tone(), LEGEND_PIXELS, text);
                default ->
                    out.append("<span class=")
                            .append(span.tone().cssClass())
                            .append(title)
                            .append('>')
                            .append(text)
                            .append("</span>");
            }
        }
    }

    /** For text and for attribute values in either kind of quotes. */
    static String escape(String text) {
        var escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
