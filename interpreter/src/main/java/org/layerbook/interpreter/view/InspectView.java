package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.layerbook.interpreter.report.InspectReport;
import org.layerbook.interpreter.template.GoJsonText;
import org.layerbook.interpreter.template.GoStruct;
import org.layerbook.interpreter.view.layout.Block;
import org.layerbook.interpreter.view.layout.Block.Node;
import org.layerbook.interpreter.view.layout.Block.Tree;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.Span;

/** {@code docker inspect}: JSON over several lines as text, a tree to open and close in a page. */
final class InspectView {
    /** More children than this are shown closed. */
    private static final int OPEN_CHILDREN = 12;

    private InspectView() {}

    static String text(InspectReport report) {
        return GoJsonText.indented(report.documents());
    }

    static String json(InspectReport report) {
        return GoJsonText.compact(report.documents(), false);
    }

    static List<Block> blocks(InspectReport report) {
        var roots = new ArrayList<Node>();
        for (GoStruct document : report.documents()) {
            var children = children(document);
            if (report.documents().size() == 1) {
                roots.addAll(children);
            } else {
                roots.add(new Node(
                        "",
                        Span.line(Span.key(title(document))),
                        children,
                        report.documents().size() <= 2));
            }
        }
        return List.of(new Tree(roots, false, List.of()));
    }

    private static String title(GoStruct document) {
        return document.fields().stream()
                .filter(field -> field.name().equals("ID"))
                .map(field -> String.valueOf(field.value()))
                .findFirst()
                .orElse("object");
    }

    private static List<Node> children(Object value) {
        var nodes = new ArrayList<Node>();
        switch (value) {
            case GoStruct struct ->
                struct.fields().stream()
                        .filter(field -> !field.json().isEmpty() && !(field.omitEmpty() && isEmpty(field.value())))
                        .forEach(field -> nodes.add(node(field.json(), field.value())));
            case Map<?, ?> map -> {
                var sorted = new TreeMap<String, Object>();
                map.forEach((key, element) -> sorted.put(String.valueOf(key), element));
                sorted.forEach((key, element) -> nodes.add(node(key, element)));
            }
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    nodes.add(node(Integer.toString(i), list.get(i)));
                }
            }
            // Go's nil is a value like others.
            case null -> {}
            default -> {}
        }
        return nodes;
    }

    private static boolean isEmpty(Object value) {
        return value == null
                || value.equals("")
                || value.equals(false)
                || value.equals(0L)
                || value instanceof List<?> list && list.isEmpty()
                || value instanceof Map<?, ?> map && map.isEmpty();
    }

    private static Node node(String name, Object value) {
        var children = children(value);
        if (!children.isEmpty()) {
            Span size =
                    value instanceof List<?> list ? Span.dim(" " + Numbers.count(list.size(), "item")) : Span.dim("");
            return new Node("", Span.line(Span.key(name), size), children, children.size() <= OPEN_CHILDREN);
        }
        String text = value instanceof String string ? string : GoJsonText.compact(value, false);
        boolean nothing = text.isEmpty() || text.equals("null") || text.equals("[]") || text.equals("{}");
        Span shown = nothing ? Span.dim(text.isEmpty() ? "\"\"" : text) : Span.code(text, 160);
        return Node.leaf(Span.key(name), Span.of(" "), shown);
    }
}
