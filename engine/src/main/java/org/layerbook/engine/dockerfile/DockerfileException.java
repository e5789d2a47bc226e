package org.layerbook.engine.dockerfile;

import java.util.Optional;

/** A Dockerfile, or a part of one, that is not valid. The message is BuildKit's sentence, where it has one. */
public final class DockerfileException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<Integer> line;
    private final transient Diagnostic diagnostic;

    /** At the line at which the diagnostic's range begins. */
    public DockerfileException(Diagnostic diagnostic) {
        this(diagnostic.message(), Optional.of(diagnostic.range().startLine()), diagnostic);
    }

    /**
     * @param message with what BuildKit puts before the diagnostic's
     * @param line that BuildKit names, which need not be the diagnostic's
     */
    public DockerfileException(String message, Optional<Integer> line, Diagnostic diagnostic) {
        super(message);
        this.line = line;
        this.diagnostic = diagnostic;
    }

    /** On no line in particular; shown at the first one. */
    public static DockerfileException ofWholeFile(String message, String hint) {
        var diagnostic = new Diagnostic(new SourceRange(1, 1, 1, 2), message, Optional.of(hint));
        return new DockerfileException(message, Optional.empty(), diagnostic);
    }

    /** As BuildKit counts; absent where it names none. */
    public Optional<Integer> line() {
        return line;
    }

    /** The exact place, with a hint where there is one. */
    public Diagnostic diagnostic() {
        return diagnostic;
    }
}
