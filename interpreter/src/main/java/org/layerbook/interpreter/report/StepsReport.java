package org.layerbook.interpreter.report;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.builder.step.StepRecord;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.image.Layer;
import org.layerbook.engine.layer.LayerChanges;

/**
 * What a cell's instructions did to the live image. The same report, with steps still waiting or running, shows the cell
 * while it works.
 *
 * @param live absent before the first FROM (a cell of ARGs) and while the cell runs
 */
public record StepsReport(List<Row> steps, Optional<LiveImage> live) implements Report {
    public StepsReport {
        steps = List.copyOf(steps);
    }

    public enum State {
        WAITING,
        RUNNING,
        DONE,
        CACHED,
        FAILED
    }

    /**
     * One line of the table.
     *
     * @param number as the session counts, from 1
     * @param onBuild whether it is a trigger of the base
     * @param time zero when it was cached or has not ended
     * @param size bytes added; for a FROM, of the whole base
     * @param baseLayers for a FROM, how many layers the base has
     * @param changes empty for a FROM and where no layer was made
     * @param progress what a running step is about, in a few words
     * @param warnings short sentences beside the step
     */
    public record Row(
            int number,
            Instruction instruction,
            boolean onBuild,
            State state,
            Duration time,
            long size,
            Optional<Integer> baseLayers,
            LayerChanges changes,
            Optional<String> progress,
            List<String> warnings) {
        public Row {
            warnings = List.copyOf(warnings);
        }

        /** A step that was carried out. */
        public static Row of(int number, StepRecord record) {
            boolean isBase = record.instruction() instanceof Instruction.From;
            return new Row(
                    number,
                    record.instruction(),
                    record.onBuild(),
                    record.cached() ? State.CACHED : State.DONE,
                    record.time(),
                    isBase
                            ? record.image().size()
                            : record.layer().map(Layer::size).orElse(0L),
                    isBase ? Optional.of(record.image().layers().size()) : Optional.empty(),
                    record.changes(),
                    Optional.empty(),
                    List.of());
        }

        /** A step that has not ended: {@link State#WAITING}, {@link State#RUNNING} or {@link State#FAILED}. */
        public static Row unfinished(int number, Instruction instruction, State state, Duration time) {
            return new Row(
                    number,
                    instruction,
                    false,
                    state,
                    time,
                    0,
                    Optional.empty(),
                    new LayerChanges(List.of()),
                    Optional.empty(),
                    List.of());
        }

        public Row withWarnings(List<String> newWarnings) {
            return new Row(number, instruction, onBuild, state, time, size, baseLayers, changes, progress, newWarnings);
        }

        public Row withProgress(String newProgress) {
            return new Row(
                    number,
                    instruction,
                    onBuild,
                    state,
                    time,
                    size,
                    baseLayers,
                    changes,
                    Optional.of(newProgress),
                    warnings);
        }

        public Row onBuild(boolean isTrigger) {
            return new Row(number, instruction, isTrigger, state, time, size, baseLayers, changes, progress, warnings);
        }
    }

    /**
     * The live image after the cell.
     *
     * @param reference {@code @}, or {@code @NAME} of a build
     * @param base what FROM named, as a user would say it
     * @param baseSize bytes
     * @param before the same stage's image before this cell; absent when the cell began the stage
     * @param replaced what the live image was, when this run took the place of an earlier run of the cell
     * @param missed why the first step that was not cached was not, in words
     * @param stale cells that have left the state, as {@code In [5]}
     * @param outOfDate steps whose files have changed since, as a user would name them
     */
    public record LiveImage(
            String reference,
            Image image,
            String base,
            long baseSize,
            Optional<Image> before,
            Optional<Image> replaced,
            Optional<String> missed,
            List<String> stale,
            List<String> outOfDate) {
        public LiveImage {
            stale = List.copyOf(stale);
            outOfDate = List.copyOf(outOfDate);
        }
    }
}
