package org.layerbook.engine.builder.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Variables as a build sees them: what {@code $NAME} expands to and what RUN's process gets. A value. A variable that is
 * set again moves to the end, as in BuildKit's list.
 */
public final class Environment {
    public static final Environment EMPTY = new Environment(new LinkedHashMap<>());

    private final Map<String, String> values;

    private Environment(LinkedHashMap<String, String> values) {
        this.values = values;
    }

    /** Reads {@code NAME=value} entries, as an image's config has them; an entry without {@code =} has an empty value. */
    public static Environment of(List<String> entries) {
        return EMPTY.withAll(entries);
    }

    public Environment with(String name, String value) {
        var changed = new LinkedHashMap<>(values);
        changed.remove(name);
        changed.put(name, value);
        return new Environment(changed);
    }

    public Environment withAll(List<String> entries) {
        var changed = new LinkedHashMap<>(values);
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            String name = equals < 0 ? entry : entry.substring(0, equals);
            changed.remove(name);
            changed.put(name, equals < 0 ? "" : entry.substring(equals + 1));
        }
        return new Environment(changed);
    }

    public Environment without(String name) {
        var changed = new LinkedHashMap<>(values);
        changed.remove(name);
        return new Environment(changed);
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    /** Values by name, in order. */
    Map<String, String> variables() {
        return Collections.unmodifiableMap(values);
    }

    /** {@code NAME=value} entries in order. */
    public List<String> entries() {
        var entries = new ArrayList<String>(values.size());
        values.forEach((name, value) -> entries.add(name + "=" + value));
        return List.copyOf(entries);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Environment that && entries().equals(that.entries());
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return entries().toString();
    }
}
