package org.layerbook.interpreter.template;

/** A template that cannot be read or carried out. The message is Go's: {@code template: :1:2: executing "" at <.Foo>: …}. */
public final class TemplateException extends Exception {
    private static final long serialVersionUID = 1L;

    TemplateException(String message) {
        super(message);
    }
}
