package org.layerbook.interpreter.report;

import java.util.List;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.LayerChanges;

/** What {@code %layers} shows: the layers of an image, the lowest first, and what is wasted in them. */
public record LayersReport(Image image, List<Line> layers, Efficiency efficiency) implements Report {
    public LayersReport {
        layers = List.copyOf(layers);
    }

    /**
     * @param number from 1, the lowest
     * @param createdBy as its history entry has it; empty where there is none
     */
    public record Line(int number, Layer layer, String createdBy, LayerChanges changes) {}

    /**
     * How much of an image is there more than once, or is hidden by a later layer, counted as dive counts it.
     *
     * @param score from 0 to 1: of every path the least that one layer has of it, against all that the layers have
     * @param bytes of the files in all layers
     * @param wasted bytes of the paths that more than one layer has, all of them
     * @param worst those of these paths that cost something, the most costly first; of many, the beginning
     * @param more how many there are besides
     */
    public record Efficiency(double score, long bytes, long wasted, List<Waste> worst, int more) {
        public Efficiency {
            worst = List.copyOf(worst);
        }
    }

    /** @param times in how many layers it is, a deletion counted too; @param bytes of all of them */
    public record Waste(String path, int times, long bytes) {}
}
