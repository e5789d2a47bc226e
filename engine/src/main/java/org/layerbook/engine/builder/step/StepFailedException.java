package org.layerbook.engine.builder.step;

import java.io.IOException;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.image.StoreException;
import org.layerbook.engine.snapshot.Snapshots;

/** Why a step cannot be carried out, before it is known where the instruction stands. */
public final class StepFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final BuildException.Kind kind;
    private final transient Optional<String> hint;
    private final int exitStatus;
    private final transient Optional<Snapshots.Active> root;
    private final boolean shortOfRoom;

    public StepFailedException(BuildException.Kind kind, String message, Optional<String> hint) {
        this(kind, message, hint, 1, Optional.empty(), null);
    }

    public StepFailedException(
            BuildException.Kind kind,
            String message,
            Optional<String> hint,
            int exitStatus,
            Optional<Snapshots.Active> root,
            Throwable cause) {
        this(kind, message, hint, exitStatus, root, cause, false);
    }

    private StepFailedException(
            BuildException.Kind kind,
            String message,
            Optional<String> hint,
            int exitStatus,
            Optional<Snapshots.Active> root,
            Throwable cause,
            boolean shortOfRoom) {
        super(message, cause);
        this.shortOfRoom = shortOfRoom;
        this.kind = kind;
        this.hint = hint;
        this.exitStatus = exitStatus;
        this.root = root;
    }

    public static StepFailedException invalid(String message) {
        return new StepFailedException(BuildException.Kind.INVALID, message, Optional.empty());
    }

    public static StepFailedException cancelled() {
        return new StepFailedException(BuildException.Kind.CANCELLED, "cancelled", Optional.empty());
    }

    /** A process that failed where the disk is so full that its files cannot be kept. */
    public static StepFailedException withoutRoom(String message, int exitStatus) {
        return new StepFailedException(
                BuildException.Kind.RUN_FAILED,
                message,
                Optional.of("the disk of the store is nearly full, so the files of this step were not kept as @failed;"
                        + " free space with docker system prune"),
                exitStatus,
                Optional.empty(),
                null,
                true);
    }

    /** The store's disk is full. */
    public static StepFailedException withoutRoom(StoreException full) {
        return new StepFailedException(
                BuildException.Kind.SYSTEM, full.getMessage(), Optional.empty(), 1, Optional.empty(), full, true);
    }

    boolean isShortOfRoom() {
        return shortOfRoom;
    }

    /** Whether the step's root is handed out with this. */
    public boolean keepsRoot() {
        return root.isPresent();
    }

    /** For what is done before there is an instruction. */
    public IOException withoutPlace() {
        return new IOException(getMessage() + hint.map(text -> ": " + text).orElse(""), this);
    }

    /** With the instruction's place. */
    public BuildException at(SourceRange range) {
        return new BuildException(kind, new Diagnostic(range, getMessage(), hint), exitStatus, root, this);
    }

    /** With the instruction's place and what it was to change. */
    public BuildException at(SourceRange range, BuildException.FailedStep step) {
        return new BuildException(
                kind, new Diagnostic(range, getMessage(), hint), exitStatus, root, Optional.of(step), this);
    }
}
