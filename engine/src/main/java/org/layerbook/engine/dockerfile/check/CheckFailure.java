package org.layerbook.engine.dockerfile.check;

import java.util.Optional;
import org.layerbook.engine.dockerfile.Instruction;

/** Why a Dockerfile whose instructions are well formed cannot be built; becomes a {@link DockerfileChecker.Problem}. */
final class CheckFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Instruction.Origin> origin;
    private final transient Optional<String> hint;

    private CheckFailure(Optional<Instruction.Origin> origin, String message, Optional<String> hint) {
        super(message, null, false, false);
        this.origin = origin;
        this.hint = hint;
    }

    static CheckFailure at(Instruction instruction, String message, String hint) {
        return new CheckFailure(Optional.of(instruction.origin()), message, Optional.of(hint));
    }

    static CheckFailure at(Instruction instruction, String message) {
        return new CheckFailure(Optional.of(instruction.origin()), message, Optional.empty());
    }

    static CheckFailure ofWholeFile(String message, String hint) {
        return new CheckFailure(Optional.empty(), message, Optional.of(hint));
    }

    Optional<Instruction.Origin> origin() {
        return origin;
    }

    Optional<String> hint() {
        return hint;
    }
}
