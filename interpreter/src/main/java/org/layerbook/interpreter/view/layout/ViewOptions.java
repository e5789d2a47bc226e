package org.layerbook.interpreter.view.layout;

import java.time.Instant;
import java.time.ZoneId;

/**
 * What a view depends on besides its report.
 *
 * @param columns how wide text may be
 * @param now what ages count from
 */
public record ViewOptions(int columns, Instant now, ZoneId zone) {
    public static ViewOptions of(int columns) {
        return new ViewOptions(columns, Instant.now(), ZoneId.systemDefault());
    }
}
