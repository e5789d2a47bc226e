package org.layerbook.interpreter.command.container.attach;

/**
 * What a program writes to a terminal, made fit for a stream of text: colours stay, other control sequences go, which move a cursor
 * that is not there, and a line ends with a newline alone. Text may be cut anywhere.
 */
final class TerminalCodes {
    private static final char ESCAPE = '\u001b';
    private static final char BELL = '\u0007';

    private enum State {
        TEXT,
        /** Behind an escape character. */
        ESCAPED,
        /** In a control sequence, {@code ESC [ … letter}. */
        SEQUENCE,
        /** In a string, such as the title of the window, which ends with BEL or {@code ESC \}. */
        STRING,
        /** Behind an escape character in a string. */
        STRING_ESCAPED
    }

    private State state = State.TEXT;
    private final StringBuilder sequence = new StringBuilder();
    private boolean returned;

    String clean(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            take(text.charAt(i), out);
        }
        return out.toString();
    }

    private void take(char c, StringBuilder out) {
        switch (state) {
            case TEXT -> plain(c, out);
            case ESCAPED -> {
                sequence.append(c);
                state = switch (c) {
                    case '[' -> State.SEQUENCE;
                    case ']', 'P', '_', '^' -> State.STRING;
                    case '(', ')', '#', '%' -> State.ESCAPED;
                    default -> State.TEXT;
                };
            }
            case SEQUENCE -> {
                sequence.append(c);
                if (c >= '@' && c <= '~') {
                    state = State.TEXT;
                    if (c == 'm') {
                        out.append(sequence);
                    }
                }
            }
            case STRING -> state = c == BELL ? State.TEXT : c == ESCAPE ? State.STRING_ESCAPED : State.STRING;
            case STRING_ESCAPED -> state = State.TEXT;
        }
    }

    private void plain(char c, StringBuilder out) {
        if (returned && c != '\n' && c != '\r') {
            out.append('\r');
        }
        returned = c == '\r';
        if (c == ESCAPE) {
            sequence.setLength(0);
            sequence.append(c);
            state = State.ESCAPED;
        } else if (!returned && c != BELL) {
            out.append(c);
        }
    }
}
