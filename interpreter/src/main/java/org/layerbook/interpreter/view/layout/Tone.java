package org.layerbook.interpreter.view.layout;

/** What a piece of text is, not how it looks: the painters choose colours, and say with a word or a sign what a colour says. */
public enum Tone {
    PLAIN("", ""),
    /** Less important: units, hints, what was there before. */
    DIM("d", "2"),
    /** Keywords, and the figure the eye should find. */
    KEY("k", "1"),
    /** Source text, ids, paths. */
    CODE("c", ""),
    GOOD("g", "32"),
    BAD("x", "31"),
    WARN("w", "33"),
    /** The kinds of steps; the same in every view. */
    BASE("b", "90"),
    COPY("p", "34"),
    RUN("r", "38;5;208"),
    META("m", "90"),
    /** Parts of source text, in the colours of the front-end's own editor. */
    WORD("h", "1"),
    STRING("q", ""),
    VARIABLE("v", ""),
    COMMENT("o", "2");

    private final String cssClass;
    private final String sgr;

    Tone(String cssClass, String sgr) {
        this.cssClass = cssClass;
        this.sgr = sgr;
    }

    String cssClass() {
        return cssClass;
    }

    /** Parameters of the terminal's "select graphic rendition", empty for none. */
    String sgr() {
        return sgr;
    }
}
