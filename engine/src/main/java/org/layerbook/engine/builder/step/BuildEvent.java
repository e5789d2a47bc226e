package org.layerbook.engine.builder.step;

import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;

/** What happens during a build, in order for each step. Events of steps that run in parallel are interleaved. */
public sealed interface BuildEvent {
    /**
     * Names a step within one build.
     *
     * @param stage its stage's name, or {@code stage-N}; empty in a Dockerfile with a single nameless stage, as docker
     *     prints it
     * @param position from 1 in the stage, the FROM first
     * @param number as docker counts: from 1 in the stage, only FROM an image, RUN, COPY, ADD and WORKDIR; 0 for others
     * @param total steps that docker counts in the stage; 0 when not known (a cell)
     */
    record StepId(String stage, int position, int number, int total) {}

    /** @param text the instruction as docker prints it, variables expanded; @param onBuild a trigger of the base */
    record StepStarted(StepId step, Instruction instruction, String text, boolean onBuild) implements BuildEvent {
        /** As docker prints it: {@code [build 2/12] RUN make}. */
        public String title() {
            if (step.number() == 0) {
                return text;
            }
            String stage = step.stage().isEmpty() ? "" : step.stage() + " ";
            String total = Integer.toString(step.total());
            String place = step.total() == 0
                    ? Integer.toString(step.number())
                    : String.format("%" + total.length() + "d/%s", step.number(), total);
            return "[" + stage + place + "] " + (onBuild ? "ONBUILD " : "") + text;
        }
    }

    /** Bytes as the process wrote them, not cut at lines. */
    record Output(StepId step, boolean isStderr, byte[] bytes) implements BuildEvent {}

    /** @param total 0 when not known */
    record Progress(StepId step, String what, long done, long total) implements BuildEvent {}

    record StepFinished(StepId step, StepRecord record) implements BuildEvent {}

    /** The exception that says more comes to the caller when every step that runs beside it has ended. */
    record StepFailed(StepId step, String message) implements BuildEvent {}

    /** Something done besides the steps, at once, with lines on it: a cache that is imported. */
    record Aside(String title, List<String> lines) implements BuildEvent {}

    record Warning(String message, Optional<SourceRange> range) implements BuildEvent {}
}
