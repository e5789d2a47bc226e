package org.layerbook.engine.golang;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** "did you mean": the nearest known word, at most two edits away, as BuildKit proposes them. */
public final class Suggestion {
    private static final int TOO_FAR = 3;

    private Suggestion() {}

    /** The nearest of {@code known}; nothing when {@code word} itself is among them, for then the fault lies elsewhere. */
    public static Optional<String> nearest(String word, Collection<String> known, boolean caseMatters) {
        String wanted = caseMatters ? word : word.toLowerCase(Locale.ROOT);
        String best = null;
        int bestDistance = TOO_FAR;
        for (String candidate : known) {
            int distance = distance(wanted, caseMatters ? candidate : candidate.toLowerCase(Locale.ROOT));
            if (distance == 0) {
                return Optional.empty();
            }
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code message}, followed by the proposal in BuildKit's words. */
    public static String addTo(String message, String word, Collection<String> known, boolean caseMatters) {
        return nearest(word, known, caseMatters)
                .map(found -> message + " (did you mean " + found + "?)")
                .orElse(message);
    }

    private static int distance(String one, String other) {
        return Math.abs(one.length() - other.length()) >= TOO_FAR ? TOO_FAR : EditDistance.between(one, other);
    }
}
