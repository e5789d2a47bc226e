package org.layerbook.engine.builder.step;

import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.image.Image;
import org.layerbook.engine.snapshot.Snapshots;

/**
 * A step that failed. Steps before it stand; the state is as before it.
 */
public final class BuildException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final transient Diagnostic diagnostic;
    private final int exitStatus;
    private final transient Optional<Snapshots.Active> failedRoot;
    private final transient Optional<FailedStep> failedStep;

    /** What sort of failure, for the error's class name. */
    public enum Kind {
        /** The instruction is not valid, or asks for what is not there. */
        INVALID,
        NO_SUCH_IMAGE,
        NOT_IN_CONTEXT,
        RUN_FAILED,
        CANCELLED,
        /** The machine, not the Dockerfile: disk full, no runtime, store not writable. */
        SYSTEM
    }

    /** @param failedRoot the step's file system, which now belongs to the caller, who closes it */
    public BuildException(
            Kind kind, Diagnostic diagnostic, int exitStatus, Optional<Snapshots.Active> failedRoot, Throwable cause) {
        this(kind, diagnostic, exitStatus, failedRoot, Optional.empty(), cause);
    }

    BuildException(
            Kind kind,
            Diagnostic diagnostic,
            int exitStatus,
            Optional<Snapshots.Active> failedRoot,
            Optional<FailedStep> failedStep,
            Throwable cause) {
        super(diagnostic.message(), cause);
        this.kind = kind;
        this.diagnostic = diagnostic;
        this.exitStatus = exitStatus;
        this.failedRoot = failedRoot;
        this.failedStep = failedStep;
    }

    /** @param before the image that the step was to change */
    public record FailedStep(Image before, Instruction instruction) {}

    public Kind kind() {
        return kind;
    }

    public Diagnostic diagnostic() {
        return diagnostic;
    }

    /** Of the process, for {@link Kind#RUN_FAILED}; else 1. */
    public int exitStatus() {
        return exitStatus;
    }

    public Optional<Snapshots.Active> failedRoot() {
        return failedRoot;
    }

    /** Whether there was too little room on the store's disk: whoever can should let go of what takes some. */
    public boolean isShortOfRoom() {
        return getCause() instanceof StepFailedException step && step.isShortOfRoom();
    }

    /** Where an instruction after FROM failed. */
    public Optional<FailedStep> failedStep() {
        return failedStep;
    }
}
