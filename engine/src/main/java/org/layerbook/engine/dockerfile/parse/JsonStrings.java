package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.dockerfile.Word;
import org.layerbook.engine.golang.GoText;

/**
 * Reads the JSON form of an instruction's arguments. Strict, as Go's decoder is: double quotes, no comma after the last
 * element, nothing behind the closing bracket, no control characters inside strings.
 */
final class JsonStrings {
    /** What a text turned out to be. */
    sealed interface Result {
        record Strings(List<Word> words) implements Result {}

        /** Valid JSON, but with something else than strings in it, which BuildKit refuses. */
        record OtherArray(Word element) implements Result {}

        /** No JSON array, so the text is in shell form. */
        record NotJson() implements Result {}
    }

    /** Go reads ten times as deep; here it keeps the recursion off the end of the stack. */
    private static final int DEEPEST = 1_000;

    private final String line;
    private final int end;
    private int at;

    private JsonStrings(String line, int start) {
        this.line = line;
        this.at = start;
        this.end = line.length();
    }

    /** @param start where the arguments begin in {@code line}; they reach to its end */
    static Result read(String line, int start) {
        int first = GoText.skipSpaces(line, start);
        if (first >= line.length() || line.charAt(first) != '[') {
            return new Result.NotJson();
        }
        try {
            return new JsonStrings(line, first + 1).readArray();
        } catch (MalformedStringsException malformed) {
            return new Result.NotJson();
        }
    }

    private static final class MalformedStringsException extends Exception {
        private static final long serialVersionUID = 1L;

        MalformedStringsException() {
            super(null, null, false, false);
        }
    }

    private Result readArray() throws MalformedStringsException {
        List<Word> words = new ArrayList<>();
        Word other = null;
        skipBlanks();
        if (peek() == ']') {
            at++;
        } else {
            do {
                skipBlanks();
                int start = at;
                if (peek() == '"') {
                    words.add(new Word(readString(), start, at));
                } else {
                    skipValue(1);
                    other = other == null ? Word.of(line, start, at) : other;
                }
                skipBlanks();
            } while (nextIsComma(']'));
        }
        skipBlanks();
        if (at < end) {
            throw new MalformedStringsException();
        }
        return other == null ? new Result.Strings(List.copyOf(words)) : new Result.OtherArray(other);
    }

    private int peek() {
        return at < end ? line.charAt(at) : -1;
    }

    private void skipBlanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\r' || peek() == '\n') {
            at++;
        }
    }

    /** Takes a comma, or the closing character; whether another element follows. */
    private boolean nextIsComma(char closing) throws MalformedStringsException {
        int character = peek();
        at++;
        if (character != ',' && character != closing) {
            throw new MalformedStringsException();
        }
        return character == ',';
    }

    private void skipValue(int depth) throws MalformedStringsException {
        skipBlanks();
        if (depth > DEEPEST) {
            throw new MalformedStringsException();
        }
        switch (peek()) {
            case '"' -> readString();
            case '[' -> skipCompound(']', depth);
            case '{' -> skipCompound('}', depth);
            default -> skipLiteral();
        }
    }

    private void skipCompound(char closing, int depth) throws MalformedStringsException {
        at++;
        skipBlanks();
        if (peek() == closing) {
            at++;
            return;
        }
        do {
            skipBlanks();
            if (closing == '}') {
                readString();
                skipBlanks();
                if (peek() != ':') {
                    throw new MalformedStringsException();
                }
                at++;
            }
            skipValue(depth + 1);
            skipBlanks();
        } while (nextIsComma(closing));
    }

    private void skipLiteral() throws MalformedStringsException {
        int start = at;
        while (at < end && "+-.".indexOf(line.charAt(at)) >= 0
                || at < end && Character.isLetterOrDigit(line.charAt(at))) {
            at++;
        }
        if (!line.substring(start, at).matches("true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw new MalformedStringsException();
        }
    }

    private String readString() throws MalformedStringsException {
        if (peek() != '"') {
            throw new MalformedStringsException();
        }
        at++;
        var value = new StringBuilder();
        while (peek() != '"') {
            int character = peek();
            if (character < ' ') { // the end of the text, too
                throw new MalformedStringsException();
            }
            at++;
            if (character == '\\') {
                value.append(readEscape());
            } else {
                value.append((char) character);
            }
        }
        at++;
        return replaceLoneSurrogates(value);
    }

    private char readEscape() throws MalformedStringsException {
        int character = peek();
        at++;
        return switch (character) {
            case '"', '\\', '/' -> (char) character;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> readHex();
            default -> throw new MalformedStringsException();
        };
    }

    private char readHex() throws MalformedStringsException {
        if (at + 4 > end || !line.substring(at, at + 4).matches("[0-9a-fA-F]{4}")) {
            throw new MalformedStringsException();
        }
        at += 4;
        return (char) Integer.parseInt(line.substring(at - 4, at), 16);
    }

    private static String replaceLoneSurrogates(StringBuilder value) {
        for (int at = 0; at < value.length(); at++) {
            int character = value.codePointAt(at);
            if (Character.isSupplementaryCodePoint(character)) {
                at++;
            } else if (Character.isSurrogate((char) character)) {
                value.setCharAt(at, '\uFFFD');
            }
        }
        return value.toString();
    }
}
