package org.layerbook.interpreter.view.layout;

import java.util.List;
import java.util.Optional;

/**
 * A piece of text in one tone. Its text is made harmless for a terminal and a page when it is painted, never here: a
 * report's strings come from images and may hold anything.
 *
 * @param full the whole of what {@code text} abbreviates
 */
public record Span(String text, Tone tone, Optional<String> full) {
    public static Span of(String text) {
        return new Span(text, Tone.PLAIN, Optional.empty());
    }

    public static Span of(String text, Tone tone) {
        return new Span(text, tone, Optional.empty());
    }

    public static Span dim(String text) {
        return of(text, Tone.DIM);
    }

    public static Span code(String text) {
        return of(text, Tone.CODE);
    }

    public static Span key(String text) {
        return of(text, Tone.KEY);
    }

    /** {@code text} cut to {@code width} columns with an ellipsis; the whole stays at hand. */
    public static Span code(String text, int width) {
        String shortened = SafeText.abbreviate(text, width);
        return new Span(shortened, Tone.CODE, shortened.equals(text) ? Optional.empty() : Optional.of(text));
    }

    public static List<Span> line(Span... spans) {
        return List.of(spans);
    }
}
