package org.layerbook.interpreter.template;

/**
 * A value that prints in one way and is written to JSON in another: Go's times and durations.
 *
 * @param json as it stands in the document, quoted where it is a string
 * @param zero whether {@code omitempty} leaves it out
 */
public record GoScalar(String typeName, String shown, String json, boolean zero) {
    @Override
    public String toString() {
        return shown;
    }
}
