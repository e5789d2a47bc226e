package org.layerbook.interpreter;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One result to show, in several forms by MIME type; {@code text/plain} is always among them. A form is painted when it is
 * first asked for, so that nobody pays for one that the front-end cannot show. Immutable, thread-safe.
 */
public final class Rendered {
    public static final String TEXT = "text/plain";
    /** The text with ANSI colours, for a terminal; never sent to a notebook. */
    public static final String ANSI = "text/x-ansi";

    public static final String HTML = "text/html";
    public static final String JSON = "application/json";

    private final Map<String, Lazy<String>> forms;

    private Rendered(Map<String, Lazy<String>> forms) {
        this.forms = forms;
    }

    public static Rendered text(String text) {
        return new Rendered(Map.of(TEXT, new Lazy<>(() -> text)));
    }

    /** As this one, with one more form; {@code painter} is called at most once and always gives the same. */
    public Rendered with(String mimeType, Supplier<String> painter) {
        var more = new LinkedHashMap<>(forms);
        more.put(mimeType, new Lazy<>(painter));
        return new Rendered(more);
    }

    /** Text whose painter is called when the text is first asked for. */
    public static Rendered text(Supplier<String> painter) {
        return new Rendered(Map.of(TEXT, new Lazy<>(painter)));
    }

    public String text() {
        return forms.get(TEXT).get();
    }

    /** In the order in which they were added. */
    public Set<String> mimeTypes() {
        return Collections.unmodifiableSet(forms.keySet());
    }

    public Optional<String> form(String mimeType) {
        return Optional.ofNullable(forms.get(mimeType)).map(Lazy::get);
    }
}
