package org.layerbook.interpreter.practice;

/** The practice registry did not do what was asked. The message is a sentence for the user. */
public final class PracticeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;

    /** @param hint what would be right; may be empty */
    PracticeException(String message, String hint) {
        super(message);
        this.hint = hint;
    }

    public String hint() {
        return hint;
    }
}
