package org.layerbook.interpreter.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;
import org.layerbook.engine.store.Image;

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

    /** Of an image, by the entries of its config; those that made no layer have no size. */
    public static HistoryReport of(Image image, boolean full, boolean human) {
        var lines = new ArrayList<Line>();
        int layer = 0;
        for (ImageConfig.History entry : image.config().history()) {
            boolean made = !entry.emptyLayer() && layer < image.layers().size();
            lines.addFirst(new Line(
                    Optional.empty(),
                    Created.of(entry.created()),
                    entry.createdBy().orElse(""),
                    made ? image.layers().get(layer).size() : 0,
                    entry.comment().orElse("")));
            layer += made ? 1 : 0;
        }
        if (!lines.isEmpty()) {
            Line newest = lines.removeFirst();
            lines.addFirst(new Line(
                    Optional.of(image.id()), newest.created(), newest.createdBy(), newest.size(), newest.comment()));
        }
        return new HistoryReport(lines, full, human);
    }

    /**
     * @param id of the image after the step; known for the newest only
     * @param createdBy as the history entry has it
     * @param size bytes the step added
     */
    public record Line(Optional<Digest> id, Optional<Instant> created, String createdBy, long size, String comment) {}
}
