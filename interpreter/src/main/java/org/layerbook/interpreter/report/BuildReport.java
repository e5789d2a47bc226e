package org.layerbook.interpreter.report;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.image.Image;

/**
 * A build of a whole Dockerfile, while it goes on or at its end.
 *
 * @param lines one a step, in the order in which they began
 * @param tail the last lines that the running steps printed, oldest first
 * @param finished absent while it goes on
 */
public record BuildReport(List<Line> lines, List<String> tail, Optional<Finished> finished) implements Report {
    public BuildReport {
        lines = List.copyOf(lines);
        tail = List.copyOf(tail);
    }

    /**
     * @param stage empty where the Dockerfile has but one
     * @param output what the step printed, oldest first; of much, the end
     * @param outputLines how many lines that were
     */
    public record Line(String stage, StepsReport.Row step, List<String> output, long outputLines) {
        public Line {
            output = List.copyOf(output);
        }
    }

    /**
     * @param names that the image was given
     * @param notes sentences for the user
     */
    public record Finished(Image image, List<String> names, Duration time, List<String> notes) {
        public Finished {
            names = List.copyOf(names);
            notes = List.copyOf(notes);
        }
    }
}
