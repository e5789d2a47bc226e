package org.layerbook.repl;

/** A fault of what was asked, told in one sentence; no stack trace helps. */
final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UserError(String sentence) {
        super(sentence);
    }

    UserError(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
