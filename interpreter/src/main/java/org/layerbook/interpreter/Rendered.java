package org.layerbook.interpreter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** One thing to show, in several forms by MIME type; {@code text/plain} is always among them. */
public record Rendered(Map<String, String> byMimeType) {
    public static final String TEXT = "text/plain";
    /** The text with ANSI colours, for a terminal; never sent to a notebook. */
    public static final String ANSI = "text/x-ansi";

    public static final String HTML = "text/html";
    public static final String JSON = "application/json";

    public Rendered {
        if (!byMimeType.containsKey(TEXT)) {
            throw new IllegalArgumentException("what is shown must have a text form");
        }
        byMimeType = Collections.unmodifiableMap(new LinkedHashMap<>(byMimeType));
    }

    public static Rendered text(String text) {
        return new Rendered(Map.of(TEXT, text));
    }

    public String text() {
        return byMimeType.get(TEXT);
    }
}
