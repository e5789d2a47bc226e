package org.layerbook.kernel;

/** Jupyter counts cursor positions in code points, Java strings in UTF-16 units. */
final class CodePoints {
    private CodePoints() {}

    /** @param codePoints held to the text's length */
    static int toUtf16(String text, int codePoints) {
        int length = text.codePointCount(0, text.length());
        return text.offsetByCodePoints(0, Math.clamp(codePoints, 0, length));
    }

    static int fromUtf16(String text, int units) {
        return text.codePointCount(0, Math.clamp(units, 0, text.length()));
    }
}
