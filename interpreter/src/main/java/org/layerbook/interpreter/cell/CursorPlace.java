package org.layerbook.interpreter.cell;

/** What kind of text is being typed. */
public enum CursorPlace {
    /** An entry of this language. */
    ENTRY,
    /** A Dockerfile: the body of {@code %%dockerfile}, the heredoc of a build that reads it. */
    DOCKERFILE,
    /** Any other text: a heredoc's, a cell magic's. Nothing of this language begins there. */
    TEXT
}
