package org.layerbook.engine.builder.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Build arguments declared so far and their values (absent: declared without one). Immutable, in order of declaration. */
public record ArgScope(Map<String, Optional<String>> values) {
    public static final ArgScope EMPTY = new ArgScope(Map.of());

    public ArgScope {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public ArgScope with(String name, Optional<String> value) {
        var changed = new LinkedHashMap<>(values);
        changed.put(name, value);
        return new ArgScope(changed);
    }
}
