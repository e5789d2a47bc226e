package org.layerbook.interpreter.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.layer.LayerChanges;
import org.layerbook.engine.oci.Digest;
import org.layerbook.engine.oci.ImageConfig;

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
                    entry.comment().orElse(""),
                    made ? Optional.of(image.layers().get(layer).chainId()) : Optional.empty(),
                    Optional.empty()));
            layer += made ? 1 : 0;
        }
        if (!lines.isEmpty()) {
            Line newest = lines.removeFirst();
            lines.addFirst(new Line(
                    Optional.of(image.id()),
                    newest.created(),
                    newest.createdBy(),
                    newest.size(),
                    newest.comment(),
                    newest.layer(),
                    Optional.empty()));
        }
        return new HistoryReport(lines, full, human);
    }

    /** The same with what each step's layer changed, as far as {@code changes} knows it. */
    public HistoryReport withChanges(Map<Digest, LayerChanges> changes) {
        return new HistoryReport(
                lines.stream()
                        .map(line -> new Line(
                                line.id(),
                                line.created(),
                                line.createdBy(),
                                line.size(),
                                line.comment(),
                                line.layer(),
                                line.layer().flatMap(chain -> Optional.ofNullable(changes.get(chain)))))
                        .toList(),
                full,
                human);
    }

    /**
     * @param id of the image after the step; known for the newest only
     * @param createdBy as the history entry has it
     * @param size bytes the step added
     * @param layer chain ID of the layer that the step made, where it made one
     * @param changes what that layer changed, where it was asked for
     */
    public record Line(
            Optional<Digest> id,
            Optional<Instant> created,
            String createdBy,
            long size,
            String comment,
            Optional<Digest> layer,
            Optional<LayerChanges> changes) {}
}
