package org.layerbook.engine.build;

import java.util.Optional;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;

/** What happens during a build, in order for each step. Events of steps that run in parallel are interleaved. */
public sealed interface BuildEvent {
    /**
     * Names a step within one build.
     *
     * @param stage its stage's name, or {@code stage-N} as BuildKit says it
     * @param number from 1 within the stage, @param total steps the stage has
     */
    record StepId(String stage, int number, int total) {}

    record StepStarted(StepId step, Instruction instruction) implements BuildEvent {}

    /** Bytes as the process wrote them, not cut at lines. */
    record Output(StepId step, boolean isStderr, byte[] bytes) implements BuildEvent {}

    /** @param total 0 when not known */
    record Progress(StepId step, String what, long done, long total) implements BuildEvent {}

    record StepFinished(StepId step, StepRecord record) implements BuildEvent {}

    record Warning(String message, Optional<SourceRange> range) implements BuildEvent {}
}
