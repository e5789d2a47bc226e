package org.layerbook.engine.golang;

import java.util.Locale;

/**
 * The few text functions of Go's standard library whose exact rules show in a Dockerfile: what counts as a space, and how
 * a word is quoted in a message.
 */
public final class GoText {
    private GoText() {}

    /** Go's {@code unicode.IsSpace}: the White_Space property, so a no-break space too, which Java leaves out. */
    public static boolean isSpace(int character) {
        return switch (character) {
            case '\t', '\n', 0x0B, '\f', '\r', ' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
            default -> character >= 0x2000 && character <= 0x200A;
        };
    }

    /** The blanks at which BuildKit splits an instruction into words; no-break spaces are not among them. */
    public static boolean isWordBreak(char character) {
        return character == ' ' || character == '\t' || character == '\r' || character == '\f' || character == 0x0B;
    }

    public static int skipSpaces(String text, int from) {
        int at = from;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Where {@code text} ends when the spaces at its end are left off, but not before {@code from}. */
    public static int endWithoutSpaces(String text, int from) {
        int end = text.length();
        while (end > from && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    public static String trim(String text) {
        int start = skipSpaces(text, 0);
        return text.substring(start, endWithoutSpaces(text, start));
    }

    /** {@code %q}. */
    public static String quote(String text) {
        var quoted = new StringBuilder(text.length() + 2).append('"');
        text.codePoints().forEach(character -> appendQuoted(quoted, character, '"'));
        return quoted.append('"').toString();
    }

    /** {@code %q} of a rune. */
    public static String quoteRune(int character) {
        var quoted = new StringBuilder("'");
        appendQuoted(quoted, character, '\'');
        return quoted.append('\'').toString();
    }

    /** {@code %#U}: {@code U+0040 '@'}, without the character where it cannot be printed. */
    public static String unicode(int character) {
        String number = String.format(Locale.ROOT, "U+%04X", character);
        return isPrintable(character) ? number + " '" + Character.toString(character) + "'" : number;
    }

    private static void appendQuoted(StringBuilder out, int character, char mark) {
        switch (character) {
            case '\\' -> out.append("\\\\");
            case 0x07 -> out.append("\\a");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case 0x0B -> out.append("\\v");
            default -> {
                if (character == mark) {
                    out.append('\\').append(mark);
                } else if (isPrintable(character)) {
                    out.appendCodePoint(character);
                } else if (character < 0x80) {
                    out.append(String.format(Locale.ROOT, "\\x%02x", character));
                } else {
                    out.append(String.format(Locale.ROOT, character > 0xFFFF ? "\\U%08x" : "\\u%04x", character));
                }
            }
        }
    }

    private static boolean isPrintable(int character) {
        return character == ' '
                || switch (Character.getType(character)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR -> false;
                    default -> true;
                };
    }
}
