package org.layerbook.engine.sandbox;

/** A process could not be started in the sandbox. The message is a sentence for a user. */
public final class SandboxException extends Exception {
    private static final long serialVersionUID = 1L;

    public SandboxException(String message) {
        super(message);
    }

    public SandboxException(String message, Throwable cause) {
        super(message, cause);
    }
}
