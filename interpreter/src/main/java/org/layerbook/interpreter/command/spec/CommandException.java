package org.layerbook.interpreter.command.spec;

/** A command that failed: the text that docker would print on standard error, and the exit status it would have. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    public CommandException(String message, int exitStatus) {
        super(message);
        this.exitStatus = exitStatus;
    }

    public int exitStatus() {
        return exitStatus;
    }
}
