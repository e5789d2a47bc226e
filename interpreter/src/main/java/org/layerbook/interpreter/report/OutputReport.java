package org.layerbook.interpreter.report;

import java.util.List;

/**
 * What a step printed after the part that was streamed.
 *
 * @param step its number
 * @param last the last lines, oldest first
 * @param lines how many they are in all
 * @param running whether more may come
 */
public record OutputReport(int step, List<String> last, long lines, boolean running) implements Report {
    public OutputReport {
        last = List.copyOf(last);
    }
}
