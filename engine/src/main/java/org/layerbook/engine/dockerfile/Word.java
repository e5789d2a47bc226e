package org.layerbook.engine.dockerfile;

import org.layerbook.engine.dockerfile.parse.LogicalLine;

/**
 * A word of an instruction.
 *
 * @param text what it says; quotes and escapes are out of it only where the grammar takes them out (flags, JSON)
 * @param start where it stands in the {@link LogicalLine}'s text
 * @param end exclusive
 */
public record Word(String text, int start, int end) {
    public static Word of(String line, int start, int end) {
        return new Word(line.substring(start, end), start, end);
    }
}
