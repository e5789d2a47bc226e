package org.layerbook.interpreter.command.container;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.layerbook.engine.golang.GoDuration;
import org.layerbook.interpreter.command.spec.CommandSpec.Invocation;

/** {@code --since} and {@code --until}: a moment, seconds since 1970, or how long ago. */
final class TimeArgument {
    private TimeArgument() {}

    /** Empty for what is no time. */
    static Optional<Instant> parse(String text, Invocation invocation) {
        try {
            return Optional.of(invocation.now().minus(GoDuration.parse(text)));
        } catch (IllegalArgumentException e) {
            // a point of time, then
        }
        try {
            if (text.matches("[0-9]+(\\.[0-9]+)?")) {
                return Optional.of(Instant.ofEpochMilli(
                        (long) (Double.parseDouble(text) * Duration.ofSeconds(1).toMillis())));
            }
            if (text.matches(".*T.*([zZ]|[+-][0-9:]+)")) {
                return Optional.of(OffsetDateTime.parse(text).toInstant());
            }
            LocalDateTime local = LocalDateTime.parse(text.contains("T") ? text : text + "T00:00:00");
            return Optional.of(local.atZone(invocation.zone()).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
