package org.layerbook.engine.dockerfile;

/** A Dockerfile, or a part of one, that is not valid. Carries the place. */
public final class DockerfileException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Diagnostic diagnostic;

    public DockerfileException(Diagnostic diagnostic) {
        super(diagnostic.message());
        this.diagnostic = diagnostic;
    }

    public Diagnostic diagnostic() {
        return diagnostic;
    }
}
