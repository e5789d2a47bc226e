package org.layerbook.interpreter.command.option;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Options as they were given, checked: numbers are numbers, filters have an equals sign.
 *
 * @param values by name, in the order given; a switch has {@code "true"} or {@code "false"}
 */
public record Options(Map<String, List<String>> values) {
    public static final Options NONE = new Options(Map.of());

    public Options {
        var copy = new LinkedHashMap<String, List<String>>();
        values.forEach((name, given) -> copy.put(name, List.copyOf(given)));
        values = Collections.unmodifiableMap(copy);
    }

    /** A switch that is off unless given. */
    public boolean on(String name) {
        return on(name, false);
    }

    public boolean on(String name, boolean otherwise) {
        return text(name).map(Boolean::parseBoolean).orElse(otherwise);
    }

    /** The last value given. */
    public Optional<String> text(String name) {
        List<String> given = list(name);
        return given.isEmpty() ? Optional.empty() : Optional.of(given.getLast());
    }

    /** The last value given, absent when it is empty: for options whose empty value is as good as none. */
    public Optional<String> nonEmpty(String name) {
        return text(name).filter(value -> !value.isEmpty());
    }

    public List<String> list(String name) {
        return values.getOrDefault(name, List.of());
    }

    public boolean given(String name) {
        return values.containsKey(name);
    }
}
