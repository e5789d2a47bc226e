package org.layerbook.interpreter.template;

import java.util.Optional;

/** A template that cannot be read or carried out. The message is Go's: {@code template: :1:2: executing "" at <.Foo>: …}. */
public final class TemplateException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Optional<String> written;

    /** Of a text that is no template. */
    TemplateException(String message) {
        super(message);
        this.written = Optional.empty();
    }

    /** Of a template that does not fit its data. */
    TemplateException(String message, String written) {
        super(message);
        this.written = Optional.of(written);
    }

    /** What the template had given up to here; empty when it could not even be read. */
    public Optional<String> written() {
        return written;
    }
}
