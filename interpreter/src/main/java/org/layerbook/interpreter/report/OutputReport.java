package org.layerbook.interpreter.report;

import java.util.List;
import java.util.Optional;

/**
 * What a step or a container printed after the part that was streamed.
 *
 * @param source what printed it, {@code step 5}, where that does not go without saying
 * @param last the last lines, oldest first
 * @param lines how many they are in all
 * @param running whether more may come
 */
public record OutputReport(Optional<String> source, List<String> last, long lines, boolean running) implements Report {
    public OutputReport {
        last = List.copyOf(last);
    }
}
