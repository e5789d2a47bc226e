package org.layerbook.engine.golang;

/** How many characters have to be inserted, deleted or replaced to make one word of another. */
public final class EditDistance {
    private EditDistance() {}

    /** Levenshtein's distance. */
    public static int between(String one, String other) {
        return between(one, other, false);
    }

    /** As {@link #between}, where swapping two neighbours counts once (optimal string alignment). */
    public static int withSwaps(String one, String other) {
        return between(one, other, true);
    }

    private static int between(String one, String other, boolean swaps) {
        int[][] distance = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                distance[i][j] = i == 0 || j == 0 ? i + j : step(distance, one, other, i, j, swaps);
            }
        }
        return distance[one.length()][other.length()];
    }

    private static int step(int[][] distance, String one, String other, int i, int j, boolean swaps) {
        int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        int least = Math.min(Math.min(distance[i - 1][j], distance[i][j - 1]) + 1, distance[i - 1][j - 1] + change);
        boolean swapped = swaps
                && i > 1
                && j > 1
                && one.charAt(i - 1) == other.charAt(j - 2)
                && one.charAt(i - 2) == other.charAt(j - 1);
        return swapped ? Math.min(least, distance[i - 2][j - 2] + 1) : least;
    }
}
