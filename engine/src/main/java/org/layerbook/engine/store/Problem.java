package org.layerbook.engine.store;

import java.util.Locale;

/**
 * Something that is wrong in a store.
 *
 * @param subject the blob, image or name
 * @param message continues the subject to a sentence
 */
public record Problem(Kind kind, String subject, String message) {
    public enum Kind {
        BLOB,
        IMAGE,
        NAME,
        CACHE,
        /** An unpacked layer. */
        LAYER,
        CONTAINER,
        VOLUME,
        /** Some other small file. */
        FILE
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " " + subject + " " + message;
    }
}
