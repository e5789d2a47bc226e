package org.layerbook.engine.dockerfile.check;

import java.util.Optional;
import org.layerbook.engine.dockerfile.Instruction;

/** Why a Dockerfile whose instructions are well formed cannot be built; becomes a {@link DockerfileChecker.Problem}. */
final class CheckFailureException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Instruction.Origin> origin;
    private final transient Optional<String> hint;

    private CheckFailureException(Optional<Instruction.Origin> origin, String message, Optional<String> hint) {
        super(message, null, false, false);
        this.origin = origin;
        this.hint = hint;
    }

    static CheckFailureException at(Instruction instruction, String message, String hint) {
        return new CheckFailureException(Optional.of(instruction.origin()), message, Optional.of(hint));
    }

    static CheckFailureException at(Instruction instruction, String message) {
        return new CheckFailureException(Optional.of(instruction.origin()), message, Optional.empty());
    }

    static CheckFailureException ofWholeFile(String message, String hint) {
        return new CheckFailureException(Optional.empty(), message, Optional.of(hint));
    }

    Optional<Instruction.Origin> origin() {
        return origin;
    }

    Optional<String> hint() {
        return hint;
    }
}
