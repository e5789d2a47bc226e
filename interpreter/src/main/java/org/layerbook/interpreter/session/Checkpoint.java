package org.layerbook.interpreter.session;

import java.util.Optional;

/**
 * What a cell did to the state. Only cells that changed it have one.
 *
 * @param code the cell's text, to run it again
 */
public record Checkpoint(Ran cell, SessionState before, SessionState after) {
    /**
     * A cell as it was run.
     *
     * @param id what the front-end calls the cell
     * @param number the N of In[N]
     */
    public record Ran(String code, Optional<String> id, Optional<Integer> number) {
        /** {@code In [3]}, or the beginning of its text where it has no number. */
        String title() {
            return number.map(n -> "In [" + n + "]").orElseGet(() -> {
                String line = code.strip().lines().findFirst().orElse("");
                return "“" + (line.length() > 24 ? line.substring(0, 23) + "…" : line) + "”";
            });
        }
    }
}
