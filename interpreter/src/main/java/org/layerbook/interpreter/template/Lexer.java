package org.layerbook.interpreter.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.layerbook.engine.golang.GoText;
import org.layerbook.interpreter.template.Token.Kind;

/**
 * Cuts a template into tokens, by the rules of Go's text/template: actions in double braces, trim markers, comments. An
 * error is a token, the last one, so that the parser reports what comes before it first.
 */
final class Lexer {
    private static final Set<String> KEYWORDS =
            Set.of("block", "break", "continue", "define", "else", "end", "if", "range", "template", "with");
    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int parens;
    private boolean trimNext;
    private boolean failed;

    private Lexer(String text) {
        this.text = text;
    }

    static List<Token> tokens(String template) {
        var lexer = new Lexer(template);
        lexer.run();
        return List.copyOf(lexer.tokens);
    }

    private void run() {
        while (at < text.length() && !failed) {
            int open = text.indexOf(OPEN, at);
            literal(open < 0 ? text.length() : open, open >= 0 && trimsBefore(open));
            if (open >= 0) {
                action();
            }
        }
        if (!failed) {
            add(Kind.END, at, at);
        }
    }

    private boolean trimsBefore(int open) {
        return text.startsWith("-", open + 2) && open + 3 < text.length() && isBlank(text.charAt(open + 3));
    }

    private void literal(int end, boolean trimRight) {
        int start = at;
        int from = at;
        int to = end;
        if (trimNext) {
            while (from < to && isBlank(text.charAt(from))) {
                from++;
            }
        }
        if (trimRight) {
            while (to > from && isBlank(text.charAt(to - 1))) {
                to--;
            }
        }
        trimNext = false;
        line += newlines(start, from);
        if (to > from) {
            add(Kind.TEXT, from, to);
        }
        line += newlines(from, end);
        at = end;
    }

    private int newlines(int from, int to) {
        return (int) text.substring(from, to).chars().filter(c -> c == '\n').count();
    }

    private void action() {
        int open = at;
        boolean trim = trimsBefore(open);
        int inside = open + (trim ? 4 : 2);
        if (text.startsWith("/*", inside)) {
            comment(inside);
            return;
        }
        add(Kind.LEFT_DELIMITER, open, open + 2);
        at = inside;
        parens = 0;
        while (!failed && !atClose()) {
            insideAction();
        }
        if (!failed) {
            close();
        }
    }

    private void comment(int start) {
        int end = text.indexOf("*/", start);
        if (end < 0) {
            fail("unclosed comment", start);
            return;
        }
        line += newlines(start, end);
        at = end + 2;
        boolean trim = at + 1 < text.length() && isBlank(text.charAt(at)) && text.startsWith("-" + CLOSE, at + 1);
        if (trim) {
            at += 2;
        }
        if (!text.startsWith(CLOSE, at)) {
            fail("comment ends before closing delimiter", start);
            return;
        }
        at += 2;
        trimNext = trim;
    }

    private boolean atClose() {
        return text.startsWith(CLOSE, at) || atTrimmedClose();
    }

    private boolean atTrimmedClose() {
        return at + 1 < text.length() && isBlank(text.charAt(at)) && text.startsWith("-" + CLOSE, at + 1);
    }

    private void close() {
        if (parens > 0) {
            fail("unclosed left paren", at);
            return;
        }
        boolean trim = !text.startsWith(CLOSE, at);
        int start = trim ? at + 2 : at;
        add(Kind.RIGHT_DELIMITER, start, start + 2);
        at = start + 2;
        trimNext = trim;
    }

    private void insideAction() {
        if (at >= text.length()) {
            fail("unclosed action", at);
            return;
        }
        char c = text.charAt(at);
        if (isBlank(c)) {
            blanks();
        } else if (c == '"') {
            quoted('"', Kind.STRING, "unterminated quoted string");
        } else if (c == '\'') {
            quoted('\'', Kind.CHARACTER, "unterminated character constant");
        } else if (c == '`') {
            rawString();
        } else if (c == '$') {
            word(Kind.VARIABLE, at + 1);
        } else if (c == '.' && !digitAt(at + 1)) {
            field();
        } else if (c == '+' || c == '-' || c == '.' || digitAt(at)) {
            number();
        } else if (Character.isLetter(c) || c == '_') {
            word(Kind.IDENTIFIER, at);
        } else {
            sign(c);
        }
    }

    private void blanks() {
        int start = at;
        while (at < text.length() && isBlank(text.charAt(at)) && !atTrimmedClose()) {
            at++;
        }
        add(Kind.BLANKS, start, at);
        line += newlines(start, at);
    }

    private void sign(char c) {
        switch (c) {
            case '|' -> single(Kind.PIPE);
            case '=' -> single(Kind.ASSIGN);
            case ':' -> {
                if (!text.startsWith(":=", at)) {
                    fail("expected :=", at);
                    return;
                }
                add(Kind.DECLARE, at, at + 2);
                at += 2;
            }
            case '(' -> {
                parens++;
                single(Kind.LEFT_PAREN);
            }
            case ')' -> {
                if (--parens < 0) {
                    fail("unexpected right paren", at);
                    return;
                }
                single(Kind.RIGHT_PAREN);
            }
            default -> {
                if (c <= 0x20 || c == 0x7f || c > 0x7e) {
                    fail("unrecognized character in action: " + GoText.unicode(text.codePointAt(at)), at);
                    return;
                }
                single(Kind.OTHER);
            }
        }
    }

    private void single(Kind kind) {
        add(kind, at, at + 1);
        at++;
    }

    private void field() {
        int start = at;
        int end = wordEnd(at + 1);
        if (end == at + 1) {
            single(Kind.DOT);
            return;
        }
        if (badEnd(end)) {
            return;
        }
        add(Kind.FIELD, start, end);
        at = end;
    }

    private void word(Kind kind, int from) {
        int start = at;
        int end = wordEnd(from);
        if (badEnd(end)) {
            return;
        }
        String word = text.substring(start, end);
        Kind actual = kind == Kind.VARIABLE
                ? kind
                : KEYWORDS.contains(word)
                        ? Kind.KEYWORD
                        : word.equals("true") || word.equals("false")
                                ? Kind.BOOL
                                : word.equals("nil") ? Kind.NIL : Kind.IDENTIFIER;
        add(actual, start, end);
        at = end;
    }

    private int wordEnd(int from) {
        int end = from;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    private boolean badEnd(int end) {
        if (end >= text.length()
                || isBlank(text.charAt(end))
                || ".,|:()".indexOf(text.charAt(end)) >= 0
                || text.startsWith(CLOSE, end)) {
            return false;
        }
        fail("bad character " + GoText.unicode(text.codePointAt(end)), at);
        return true;
    }

    private void number() {
        int start = at;
        int end = at + (text.charAt(at) == '+' || text.charAt(at) == '-' ? 1 : 0);
        while (end < text.length() && isNumberPart(end, start)) {
            end++;
        }
        String word = text.substring(start, end);
        boolean runsOn =
                end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_');
        if (runsOn) {
            fail("bad number syntax: " + GoText.quote(text.substring(start, end + 1)), at);
            return;
        }
        add(Kind.NUMBER, start, end);
        at = end;
    }

    private boolean isNumberPart(int i, int start) {
        char c = text.charAt(i);
        if (c == '.' && text.substring(start, i).indexOf('.') >= 0) {
            return false;
        }
        boolean hex = text.startsWith("0x", start) || text.startsWith("0X", start);
        if (c == '+' || c == '-') {
            char before = text.charAt(i - 1);
            return !hex && (before == 'e' || before == 'E') || before == 'p' || before == 'P';
        }
        return c == '.'
                || c == '_'
                || Character.digit(c, hex ? 16 : 10) >= 0
                || (!hex && (c == 'e' || c == 'E') && i > start)
                || ("xXbBoO".indexOf(c) >= 0 && i == start + 1 && text.charAt(start) == '0')
                || (hex && (c == 'p' || c == 'P'));
    }

    private void quoted(char quote, Kind kind, String unterminated) {
        int i = at + 1;
        while (i < text.length() && text.charAt(i) != quote && text.charAt(i) != '\n') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        if (i >= text.length() || text.charAt(i) != quote) {
            fail(unterminated, at);
            return;
        }
        add(kind, at, i + 1);
        at = i + 1;
    }

    private void rawString() {
        int end = text.indexOf('`', at + 1);
        if (end < 0) {
            fail("unterminated raw quoted string", at);
            return;
        }
        add(Kind.RAW_STRING, at, end + 1);
        line += newlines(at, end);
        at = end + 1;
    }

    private boolean digitAt(int i) {
        return i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }

    private void add(Kind kind, int from, int to) {
        tokens.add(new Token(kind, text.substring(from, to), from, line));
    }

    private void fail(String message, int position) {
        tokens.add(new Token(Kind.ERROR, message, position, line));
        failed = true;
    }
}
