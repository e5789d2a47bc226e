package org.layerbook.engine.build;

import java.io.IOException;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.snapshot.Snapshots;

/** Why a step cannot be carried out, before it is known where the instruction stands. */
final class StepFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final BuildException.Kind kind;
    private final transient Optional<String> hint;
    private final int exitStatus;
    private final transient Optional<Snapshots.Active> root;

    StepFailedException(BuildException.Kind kind, String message, Optional<String> hint) {
        this(kind, message, hint, 1, Optional.empty(), null);
    }

    StepFailedException(
            BuildException.Kind kind,
            String message,
            Optional<String> hint,
            int exitStatus,
            Optional<Snapshots.Active> root,
            Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
        this.exitStatus = exitStatus;
        this.root = root;
    }

    static StepFailedException invalid(String message) {
        return new StepFailedException(BuildException.Kind.INVALID, message, Optional.empty());
    }

    static StepFailedException cancelled() {
        return new StepFailedException(BuildException.Kind.CANCELLED, "cancelled", Optional.empty());
    }

    /** Whether the step's root is handed out with this. */
    boolean keepsRoot() {
        return root.isPresent();
    }

    /** For what is done before there is an instruction. */
    IOException withoutPlace() {
        return new IOException(getMessage() + hint.map(text -> ": " + text).orElse(""), this);
    }

    /** With the instruction's place. */
    BuildException at(SourceRange range) {
        return new BuildException(kind, new Diagnostic(range, getMessage(), hint), exitStatus, root, this);
    }

    /** With the instruction's place and what it was to change. */
    BuildException at(SourceRange range, BuildException.FailedStep step) {
        return new BuildException(
                kind, new Diagnostic(range, getMessage(), hint), exitStatus, root, Optional.of(step), this);
    }
}
