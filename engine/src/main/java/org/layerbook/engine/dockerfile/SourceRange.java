package org.layerbook.engine.dockerfile;

/**
 * Where something stands in a text: lines and columns count from 1, {@code endColumn} is exclusive. Columns are UTF-16
 * units.
 */
public record SourceRange(int startLine, int startColumn, int endLine, int endColumn) {
    public SourceRange {
        if (startLine < 1 || startColumn < 1 || endLine < startLine) {
            throw new IllegalArgumentException(
                    "not a range: " + startLine + ":" + startColumn + "-" + endLine + ":" + endColumn);
        }
    }

    /** The same place in a text in which this one begins after {@code lines} other lines. */
    public SourceRange shiftedBy(int lines) {
        return new SourceRange(startLine + lines, startColumn, endLine + lines, endColumn);
    }
}
