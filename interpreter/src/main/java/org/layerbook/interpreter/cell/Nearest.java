package org.layerbook.interpreter.cell;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.layerbook.engine.golang.EditDistance;

/** The word that was probably meant. */
public final class Nearest {
    private Nearest() {}

    /**
     * The candidate with the fewest edits (insert, delete, replace, swap of neighbours), case aside; none where that is
     * more than a third of the word.
     */
    public static Optional<String> to(String word, Collection<String> candidates) {
        String lower = word.toLowerCase(Locale.ROOT);
        int most = Math.max(1, word.length() / 3);
        return candidates.stream()
                .filter(c -> Math.abs(c.length() - word.length()) <= most)
                .filter(c -> EditDistance.withSwaps(lower, c.toLowerCase(Locale.ROOT)) <= most)
                .min(Comparator.<String>comparingInt(c -> EditDistance.withSwaps(lower, c.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()));
    }
}
