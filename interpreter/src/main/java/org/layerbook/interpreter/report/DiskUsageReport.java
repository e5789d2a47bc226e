package org.layerbook.interpreter.report;

import java.util.List;

/** What takes room in the store. */
public record DiskUsageReport(List<Line> lines) implements Report {
    public DiskUsageReport {
        lines = List.copyOf(lines);
    }

    /**
     * @param type as docker names it: {@code Images}
     * @param active how many are in use
     * @param size bytes
     * @param reclaimable bytes that prune would free
     * @param withShare whether the share of it is shown too
     */
    public record Line(String type, long total, long active, long size, long reclaimable, boolean withShare) {}
}
