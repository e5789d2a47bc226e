package org.layerbook.interpreter.view;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.layerbook.interpreter.view.layout.Block.Node;
import org.layerbook.interpreter.view.layout.Numbers;
import org.layerbook.interpreter.view.layout.Span;

/**
 * The part of a large tree that a page shows: the beginning of every folder on top, then folders from the heaviest on, until
 * so many items are there as a page bears. What is left out is counted where it is missing.
 */
final class TreeSummary<T> {
    /** Items of one folder that are shown; of more, the heaviest. */
    private static final int MOST_CHILDREN = 40;
    /** Of a folder on top, so that all of them have some. */
    private static final int MOST_ON_TOP = 12;

    /** How an item looks and what is below it. */
    interface Shape<T> {
        List<T> children(T item);

        long weight(T item);

        String figure(T item);

        List<Span> label(T item);
    }

    private final Shape<T> shape;
    private final Map<T, List<T>> opened = new IdentityHashMap<>();
    private int left;

    private TreeSummary(Shape<T> shape, int most) {
        this.shape = shape;
        this.left = most;
    }

    /** @param most items that are shown */
    static <T> List<Node> of(List<T> roots, Shape<T> shape, int most) {
        var outline = new TreeSummary<>(shape, most);
        List<T> shown = outline.take(roots, Math.max(most / 2, 1));
        outline.open(shown);
        return outline.nodes(shown, roots);
    }

    private void open(List<T> shown) {
        var folders =
                new PriorityQueue<>(Comparator.comparingLong(shape::weight).reversed());
        for (T item : shown) {
            if (shape.children(item).size() > MOST_ON_TOP
                    && shape.children(item).size() <= MOST_CHILDREN) {
                folders.add(item);
            } else if (!shape.children(item).isEmpty() && left > 0) {
                open(item, MOST_ON_TOP, folders);
            }
        }
        while (!folders.isEmpty() && left > 0) {
            open(folders.poll(), MOST_CHILDREN, folders);
        }
    }

    private void open(T folder, int most, Collection<T> folders) {
        List<T> taken = take(shape.children(folder), most);
        opened.put(folder, taken);
        taken.stream().filter(item -> !shape.children(item).isEmpty()).forEach(folders::add);
    }

    private List<T> take(List<T> items, int most) {
        List<T> heaviest = items.stream()
                .sorted(Comparator.comparingLong(shape::weight).reversed())
                .limit(Math.min(most, left))
                .toList();
        left -= heaviest.size();
        return heaviest;
    }

    private List<Node> nodes(List<T> shown, List<T> all) {
        var nodes = new ArrayList<Node>();
        for (T item : shown) {
            List<T> children = shape.children(item);
            var label = new ArrayList<>(shape.label(item));
            List<T> taken = opened.getOrDefault(item, List.of());
            if (taken.isEmpty() && !children.isEmpty()) {
                label.add(Span.dim(" … " + Numbers.count(children.size(), "entry", "entries")));
            }
            List<Node> below = taken.isEmpty() ? List.of() : nodes(taken, children);
            nodes.add(new Node(shape.figure(item), label, below, false));
        }
        if (all.size() > shown.size()) {
            long weight = all.stream().mapToLong(shape::weight).sum()
                    - shown.stream().mapToLong(shape::weight).sum();
            String rest = Numbers.count(all.size() - shown.size()) + " more";
            nodes.add(new Node(weight > 0 ? Numbers.size(weight) : "", List.of(Span.dim(rest)), List.of(), false));
        }
        return nodes;
    }
}
