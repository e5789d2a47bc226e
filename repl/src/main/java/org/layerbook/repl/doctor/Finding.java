package org.layerbook.repl.doctor;

import java.util.List;

/**
 * One thing that the doctor looked at.
 *
 * @param subject a word or two
 * @param text what was found; a phrase
 * @param notes sentences: what is weaker, what to install and what that brings
 */
public record Finding(String subject, State state, String text, List<String> notes) {
    public enum State {
        GOOD,
        /** It works, and there is better. */
        WEAK,
        /** It is not there, and need not be. */
        ABSENT,
        /** Layerbook does not work as it should. */
        BROKEN
    }

    public Finding {
        notes = List.copyOf(notes);
    }

    static Finding good(String subject, String text) {
        return new Finding(subject, State.GOOD, text, List.of());
    }

    static Finding weak(String subject, String text, String... notes) {
        return new Finding(subject, State.WEAK, text, List.of(notes));
    }

    static Finding absent(String subject, String text, String... notes) {
        return new Finding(subject, State.ABSENT, text, List.of(notes));
    }

    static Finding broken(String subject, String text, String... notes) {
        return new Finding(subject, State.BROKEN, text, List.of(notes));
    }
}
