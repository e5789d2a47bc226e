package org.layerbook.engine.builder.step;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.layerbook.engine.oci.Digest;

/**
 * What decides whether a step's result can be used again: named parts ({@code parent}, {@code command},
 * {@code variables}, {@code files}, …), each a canonical string. Two steps with equal parts give the same result; parts that
 * differ say why a step missed.
 */
public record CacheKey(Map<String, String> parts) {
    private static final Set<String> EXPLAINING = Set.of(KeyParts.ARGUMENTS, KeyParts.ENVIRONMENT);

    public CacheKey {
        parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    }

    /** Names and lengths are in it, so that no two sets of parts give the same bytes. */
    public Digest digest() {
        var text = new StringBuilder();
        parts.entrySet().stream()
                .filter(e -> !EXPLAINING.contains(e.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> text.append(e.getKey())
                        .append(' ')
                        .append(e.getValue().length())
                        .append('\n')
                        .append(e.getValue())
                        .append('\n'));
        return Digest.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether both are of a step that runs something, or both of one that copies, or both of neither. */
    public boolean isOfKindOf(CacheKey other) {
        return kindOf(parts).equals(kindOf(other.parts));
    }

    private static List<Boolean> kindOf(Map<String, String> parts) {
        return List.of(parts.containsKey(KeyParts.ARGUMENTS), parts.containsKey(KeyParts.FILES));
    }

    /** Names of the parts in which the two differ, in this key's order. */
    public List<String> differences(CacheKey other) {
        return differences(parts, other.parts);
    }

    public static List<String> differences(Map<String, ?> one, Map<String, ?> other) {
        var names = new ArrayList<String>();
        one.forEach((name, value) -> {
            if (!Objects.equals(value, other.get(name))) {
                names.add(name);
            }
        });
        other.keySet().stream().filter(n -> !one.containsKey(n)).forEach(names::add);
        if (!names.contains(KeyParts.VARIABLES)) {
            names.removeAll(EXPLAINING);
        } else if (names.stream().anyMatch(EXPLAINING::contains)) {
            names.remove(KeyParts.VARIABLES);
        }
        return List.copyOf(names);
    }

    /** A digest of each part: for those who may compare them, but are not to read them. */
    public Map<String, Digest> partDigests() {
        var digests = new LinkedHashMap<String, Digest>();
        parts.forEach((name, value) -> digests.put(name, Digest.sha256(value.getBytes(StandardCharsets.UTF_8))));
        return digests;
    }
}
