package org.layerbook.engine.dockerfile;

/** Lengths in the encoding of a file. */
public final class Utf8 {
    private Utf8() {}

    /** How many bytes {@code text} takes. */
    public static int length(String text) {
        int bytes = 0;
        for (int at = 0; at < text.length(); at++) {
            char character = text.charAt(at);
            if (character < 0x80) {
                bytes++;
            } else if (character < 0x800 || Character.isSurrogate(character)) {
                bytes += 2; // half of a surrogate pair, whose four bytes two characters share
            } else {
                bytes += 3;
            }
        }
        return bytes;
    }
}
