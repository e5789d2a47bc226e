package org.layerbook.engine.dockerfile;

import java.util.Optional;

/** An error at a place: what is wrong (as BuildKit says it, where it says it) and, where known, what would be right. */
public record Diagnostic(SourceRange range, String message, Optional<String> hint) {
    public static Diagnostic of(SourceRange range, String message) {
        return new Diagnostic(range, message, Optional.empty());
    }
}
