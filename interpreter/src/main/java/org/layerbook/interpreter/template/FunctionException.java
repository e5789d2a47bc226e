package org.layerbook.interpreter.template;

/** Thrown when a function of a template fails. The message follows {@code error calling NAME:}. */
final class FunctionException extends Exception {
    private static final long serialVersionUID = 1L;

    FunctionException(String message) {
        super(message);
    }
}
