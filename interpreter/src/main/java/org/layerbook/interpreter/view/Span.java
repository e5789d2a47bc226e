package org.layerbook.interpreter.view;

import java.util.List;
import java.util.Optional;

/**
 * A piece of text in one tone. Its text is made harmless for a terminal and a page when it is painted, never here: a
 * report's strings come from images and may hold anything.
 *
 * @param full the whole of what {@code text} abbreviates
 */
record Span(String text, Tone tone, Optional<String> full) {
    static Span of(String text) {
        return new Span(text, Tone.PLAIN, Optional.empty());
    }

    static Span of(String text, Tone tone) {
        return new Span(text, tone, Optional.empty());
    }

    static Span dim(String text) {
        return of(text, Tone.DIM);
    }

    static Span code(String text) {
        return of(text, Tone.CODE);
    }

    static Span key(String text) {
        return of(text, Tone.KEY);
    }

    /** {@code text} cut to {@code width} columns with an ellipsis; the whole stays at hand. */
    static Span code(String text, int width) {
        String shortened = Plain.abbreviate(text, width);
        return new Span(shortened, Tone.CODE, shortened.equals(text) ? Optional.empty() : Optional.of(text));
    }

    static List<Span> line(Span... spans) {
        return List.of(spans);
    }
}
