package org.layerbook.interpreter.session.history;

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
        /** Whether it is the same cell, in whatever state its text was. */
        public boolean isSameAs(Ran other) {
            return this == other || id().isPresent() && id().equals(other.id());
        }

        /** {@code In [3]}, or the beginning of its text where it has no number. */
        public String title() {
            return number.map(n -> "In [" + n + "]").orElseGet(() -> {
                String line = code.strip().lines().findFirst().orElse("");
                return "“" + (line.length() > 24 ? line.substring(0, 23) + "…" : line) + "”";
            });
        }
    }

    /**
     * A cell that has left the state.
     *
     * @param build the number of the build that was live when it began; @param leavesLive of the one when it had ended
     */
    public record Stale(Ran cell, int build, int leavesLive) {
        public String title() {
            return cell.title();
        }
    }

    /** What becomes of the cell when one before it runs again. */
    public Stale stale() {
        return new Stale(cell, before.liveBuild().number(), after.liveBuild().number());
    }
}
