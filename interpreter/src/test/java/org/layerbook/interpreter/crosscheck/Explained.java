package org.layerbook.interpreter.crosscheck;

import java.util.List;
import java.util.function.BiPredicate;

/**
 * Differences that are there because the engine is of 2020, or that docs/conformance.md names.
 *
 * @param reason what is other today
 * @param covers whether a line of {@link Differences} comes from it
 */
record Explained(String reason, BiPredicate<Case, String> covers) {
    private static final List<Explained> ALL = List.of();

    /** The lines that have no explanation. */
    static List<String> without(Case one, List<String> differences) {
        return differences.stream()
                .filter(line -> ALL.stream().noneMatch(known -> known.covers().test(one, line)))
                .toList();
    }
}
