package org.layerbook.interpreter.template;

import java.util.Optional;

/** String and character literals of Go. */
final class GoLiteral {
    private GoLiteral() {}

    /** The value of a literal in double, single or back quotes; empty when it is not one. */
    static Optional<String> unquote(String literal) {
        if (literal.startsWith("`")) {
            return Optional.of(literal.substring(1, literal.length() - 1).replace("\r", ""));
        }
        String body = literal.substring(1, literal.length() - 1);
        var value = new StringBuilder();
        int i = 0;
        while (i < body.length()) {
            char c = body.charAt(i);
            if (c != '\\') {
                value.append(c);
                i++;
                continue;
            }
            if (i + 1 >= body.length()) {
                return Optional.empty();
            }
            int length = escapeLength(body, i);
            Optional<Integer> point = escape(body, i, length);
            if (point.isEmpty()) {
                return Optional.empty();
            }
            value.appendCodePoint(point.get());
            i += length;
        }
        return Optional.of(value.toString());
    }

    private static int escapeLength(String body, int at) {
        char kind = body.charAt(at + 1);
        return switch (kind) {
            case 'x' -> 4;
            case 'u' -> 6;
            case 'U' -> 10;
            default -> kind >= '0' && kind <= '7' ? 4 : 2;
        };
    }

    private static Optional<Integer> escape(String body, int at, int length) {
        if (at + length > body.length()) {
            return Optional.empty();
        }
        char kind = body.charAt(at + 1);
        if (length > 2) {
            boolean octal = kind >= '0' && kind <= '7';
            String digits = body.substring(at + (octal ? 1 : 2), at + length);
            try {
                int point = Integer.parseInt(digits, octal ? 8 : 16);
                return Character.isValidCodePoint(point) ? Optional.of(point) : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
        return switch (kind) {
            case 'n' -> Optional.of((int) '\n');
            case 't' -> Optional.of((int) '\t');
            case 'r' -> Optional.of((int) '\r');
            case 'a' -> Optional.of(7);
            case 'b' -> Optional.of((int) '\b');
            case 'f' -> Optional.of((int) '\f');
            case 'v' -> Optional.of(11);
            case '\\', '\'', '"' -> Optional.of((int) kind);
            default -> Optional.empty();
        };
    }
}
