package org.layerbook.interpreter.command.option;

/** Options that cannot be read. The message is pflag's, as docker prints it before the usage line. */
public final class OptionException extends Exception {
    private static final long serialVersionUID = 1L;

    OptionException(String message) {
        super(message);
    }
}
