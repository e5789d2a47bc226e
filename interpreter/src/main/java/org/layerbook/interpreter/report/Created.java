package org.layerbook.interpreter.report;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** The times that image configs say. */
public final class Created {
    private Created() {}

    /** Whatever its offset; absent when it says nothing, or what is no RFC 3339 time. */
    public static Optional<Instant> of(Optional<String> rfc3339) {
        try {
            return rfc3339.map(text -> OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
