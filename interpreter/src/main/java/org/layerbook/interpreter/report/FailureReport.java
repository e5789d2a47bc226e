package org.layerbook.interpreter.report;

import java.util.List;
import java.util.Optional;

/**
 * An entry that failed, for a user to see.
 *
 * @param message one sentence: what failed and why
 * @param place the lines concerned, absent when no place is known
 * @param hint what would be right
 * @param output the last lines that the process printed, oldest first
 * @param after what stands now: {@code "Nothing changed: @ is still 171 MB, step 4."}
 */
public record FailureReport(
        String message, Optional<Place> place, Optional<String> hint, List<String> output, Optional<String> after)
        implements Report {
    public FailureReport {
        output = List.copyOf(output);
    }

    /**
     * @param name of the file, when it is not the cell itself
     * @param firstLine number of the first of {@code lines}, from 1
     * @param line the line the error is at, and its columns from 1, the end exclusive; both 1 for the line as a whole
     */
    public record Place(
            Optional<String> name, int firstLine, List<String> lines, int line, int startColumn, int endColumn) {
        public Place {
            lines = List.copyOf(lines);
        }
    }
}
