package org.layerbook.interpreter.crosscheck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** What two images differ in, a line each: ours first, then the engine's. */
final class Differences {
    static final String BETWEEN = " │ ";

    private final List<String> lines = new ArrayList<>();
    /** What was last said of each path in the layers below, deleted ones among them. */
    private final Map<String, Map<String, String>> below = new HashMap<>();

    private final Map<String, Map<String, String>> belowTheirs = new HashMap<>();

    private Differences() {}

    static List<String> between(SavedImage ours, SavedImage theirs) {
        var found = new Differences();
        found.config(ours.config().path("config"), theirs.config().path("config"));
        for (String field : List.of("architecture", "os", "author", "variant")) {
            found.compare(
                    field, text(ours.config().path(field)), text(theirs.config().path(field)));
        }
        List<String> history = history(ours);
        List<String> theirHistory = history(theirs);
        for (int at = 0; at < Math.max(history.size(), theirHistory.size()); at++) {
            found.compare("history", at(history, at), at(theirHistory, at));
        }
        found.compare("layers", "" + ours.layers().size(), "" + theirs.layers().size());
        for (int at = 0; at < Math.min(ours.layers().size(), theirs.layers().size()); at++) {
            found.layer(at, ours.layers().get(at), theirs.layers().get(at));
            found.below.putAll(ours.layers().get(at));
            found.belowTheirs.putAll(theirs.layers().get(at));
        }
        return List.copyOf(found.lines);
    }

    /** What texts of shells have is not what stands between the two. */
    static String line(String what, String ours, String theirs) {
        return what + ": " + ours + BETWEEN + theirs;
    }

    private static String at(List<String> list, int at) {
        return at < list.size() ? list.get(at) : "nothing";
    }

    private void compare(String what, String ours, String theirs) {
        if (!ours.equals(theirs)) {
            lines.add(line(what, ours, theirs));
        }
    }

    private static String text(JsonNode node) {
        boolean empty = node.isMissingNode()
                || node.isNull()
                || node.isContainer() && node.isEmpty()
                || node.isBoolean() && !node.asBoolean()
                || node.isString() && node.asString().isEmpty();
        return empty ? "-" : sorted(node);
    }

    private static String sorted(JsonNode node) {
        if (!node.isObject()) {
            return node.toString();
        }
        var fields = new TreeMap<String, String>();
        node.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
        return fields.toString();
    }

    private void config(JsonNode ours, JsonNode theirs) {
        var names = new TreeSet<String>();
        ours.propertyNames().forEach(names::add);
        theirs.propertyNames().forEach(names::add);
        for (String name : names) {
            compare("config " + name, text(ours.path(name)), text(theirs.path(name)));
        }
    }

    private static List<String> history(SavedImage image) {
        var entries = new ArrayList<String>();
        for (JsonNode entry : image.config().path("history")) {
            entries.add(text(entry.path("created_by")) + " " + text(entry.path("comment")) + " "
                    + text(entry.path("empty_layer")) + " " + text(entry.path("author")));
        }
        return entries;
    }

    private void layer(
            int at,
            SortedMap<String, SortedMap<String, String>> ours,
            SortedMap<String, SortedMap<String, String>> theirs) {
        var paths = new TreeSet<>(ours.keySet());
        paths.addAll(theirs.keySet());
        for (String path : paths) {
            Map<String, String> mine =
                    Optional.<Map<String, String>>ofNullable(ours.get(path)).orElse(Map.of());
            Map<String, String> other =
                    Optional.<Map<String, String>>ofNullable(theirs.get(path)).orElse(Map.of());
            if (mine.isEmpty() || other.isEmpty()) {
                // What is as it was below says nothing: old storage drivers keep it where something touched it.
                if (mine.isEmpty() ? same(other, belowTheirs.get(path)) : same(mine, below.get(path))) {
                    continue;
                }
                compare("layer " + at + " " + path, mine.toString(), other.toString());
                continue;
            }
            var facts = new TreeSet<>(mine.keySet());
            facts.addAll(other.keySet());
            for (String fact : facts) {
                compare(
                        "layer " + at + " " + path + " " + fact,
                        mine.getOrDefault(fact, "-"),
                        other.getOrDefault(fact, "-"));
            }
        }
    }

    /** With however many names. */
    private static boolean same(Map<String, String> one, Map<String, String> below) {
        var now = new TreeMap<>(one);
        var then = new TreeMap<>(Optional.ofNullable(below).orElse(Map.of()));
        now.remove(SavedImage.OTHER_NAME);
        then.remove(SavedImage.OTHER_NAME);
        return now.equals(then);
    }
}
