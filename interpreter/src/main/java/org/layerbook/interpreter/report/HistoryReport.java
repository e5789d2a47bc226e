package org.layerbook.interpreter.report;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.oci.Digest;

/**
 * How an image came about, newest step first.
 *
 * @param full nothing is cut off
 * @param human sizes and times as people say them
 */
public record HistoryReport(List<Line> lines, boolean full, boolean human) implements Report {
    public HistoryReport {
        lines = List.copyOf(lines);
    }

    /**
     * @param id of the image after the step; known for the newest only
     * @param createdBy as the history entry has it
     * @param size bytes the step added
     */
    public record Line(Optional<Digest> id, Optional<Instant> created, String createdBy, long size, String comment) {}
}
