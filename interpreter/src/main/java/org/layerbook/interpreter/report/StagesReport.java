package org.layerbook.interpreter.report;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.image.Image;

/** What {@code %stages} shows: the stages of the session's builds, in order. */
public record StagesReport(List<Line> stages) implements Report {
    public StagesReport {
        stages = List.copyOf(stages);
    }

    /**
     * @param reference how to name it: {@code @0}, {@code @builder}, {@code @web/0}
     * @param base what FROM named
     * @param steps how many instructions it holds, the FROM included
     */
    public record Line(String reference, Optional<String> name, String base, int steps, Image image, boolean live) {}
}
