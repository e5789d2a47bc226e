package org.layerbook.interpreter.cell;

import java.util.List;

/**
 * What is being typed at the end of a text, which is read as a cell is when it runs.
 *
 * @param before the entries before the one that is being typed: of the cell, or of the Dockerfile in it
 * @param words of the command or instruction, before the one that is being typed; none in a {@link CursorPlace#TEXT}
 * @param word what there is of the word that is being typed; may be empty
 * @param wordStart where that begins in the text, in UTF-16 units
 */
public record Cursor(CursorPlace place, List<Entry> before, List<String> words, String word, int wordStart) {
    public Cursor {
        before = List.copyOf(before);
        words = List.copyOf(words);
    }

    /** The same in a text that this one is the end of. */
    Cursor movedBy(int offset) {
        return new Cursor(place, before, words, word, wordStart + offset);
    }

    Cursor at(CursorPlace other) {
        return new Cursor(other, before, words, word, wordStart);
    }
}
