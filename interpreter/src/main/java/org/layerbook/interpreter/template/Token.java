package org.layerbook.interpreter.template;

import org.layerbook.engine.golang.GoText;

/** @param position where it begins in the template, in UTF-16 units; @param line from 1 */
record Token(Kind kind, String text, int position, int line) {
    enum Kind {
        TEXT,
        LEFT_DELIMITER,
        RIGHT_DELIMITER,
        BLANKS,
        /** {@code .name} */
        FIELD,
        /** {@code $name}, or {@code $} */
        VARIABLE,
        IDENTIFIER,
        KEYWORD,
        BOOL,
        NIL,
        NUMBER,
        CHARACTER,
        STRING,
        RAW_STRING,
        DOT,
        PIPE,
        DECLARE,
        ASSIGN,
        LEFT_PAREN,
        RIGHT_PAREN,
        /** Any other printable character. */
        OTHER,
        ERROR,
        END
    }

    boolean is(Kind other) {
        return kind == other;
    }

    /** As messages quote it. */
    String described() {
        return switch (kind) {
            case END -> "EOF";
            case ERROR -> text;
            case KEYWORD, DOT, NIL -> "<" + text + ">";
            default -> text.length() > 10 ? GoText.quote(text.substring(0, 10)) + "..." : GoText.quote(text);
        };
    }
}
