package org.layerbook.interpreter.cell;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.interpreter.cell.ShellWord.Part;

/**
 * Reads shell text token by token (POSIX, Shell Command Language, section 2.3, with bash's {@code <<<} and {@code &>}). It
 * does not judge: whatever it cannot close it reports as open.
 */
final class ShellLexer {
    private final String text;
    private int at;
    private Optional<Open> open = Optional.empty();
    private final ArrayDeque<Pending> heredocs = new ArrayDeque<>();
    private boolean delimiterNext;
    private boolean stripTabs;

    /** What the text ended inside of, and where that began. */
    record Open(String what, int start) {}

    private record Pending(String delimiter, boolean expand, boolean stripTabs, int start) {}

    ShellLexer(String text, int from) {
        this.text = text;
        this.at = from;
    }

    int position() {
        return at;
    }

    Optional<Open> open() {
        return open;
    }

    /** The next tokens; empty at the end. A line end brings the heredoc bodies that follow it. */
    List<ShellToken> next() {
        skipBlanks();
        if (at >= text.length()) {
            if (!heredocs.isEmpty() && open.isEmpty()) {
                open = Optional.of(new Open(
                        "heredoc " + heredocs.peek().delimiter(),
                        heredocs.peek().start()));
            }
            return List.of();
        }
        char c = text.charAt(at);
        if (c == '\n') {
            return lineEnd();
        }
        int start = at;
        Optional<String> operator = operator();
        if (operator.isPresent()) {
            var token = new ShellToken.Operator(operator.get(), start);
            delimiterNext = token.isHeredoc();
            stripTabs = operator.get().endsWith("-");
            return List.of(token);
        }
        ShellWord word = word();
        if (delimiterNext) {
            delimiterNext = false;
            boolean expand = word.plain().isPresent();
            heredocs.add(new Pending(word.constant().orElse(text.substring(start, at)), expand, stripTabs, start));
        }
        return List.of(new ShellToken.Word(word));
    }

    private void skipBlanks() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\t' || c == '\r') {
                at++;
            } else if (c == '\\' && continues(at)) {
                at = afterLine(at);
                if (at >= text.length()) {
                    open = Optional.of(new Open("line continuation", text.length() - 1));
                }
            } else if (c == '#') {
                at = lineStop(at);
            } else {
                return;
            }
        }
    }

    /** A backslash at the end of a line, or of the text, continues the line. */
    private boolean continues(int backslash) {
        return backslash + 1 >= text.length()
                || text.charAt(backslash + 1) == '\n'
                || text.startsWith("\r\n", backslash + 1);
    }

    private int lineStop(int from) {
        int newline = text.indexOf('\n', from);
        return newline < 0 ? text.length() : newline;
    }

    private int afterLine(int from) {
        return Math.min(text.length(), lineStop(from) + 1);
    }

    private List<ShellToken> lineEnd() {
        var tokens = new ArrayList<ShellToken>();
        tokens.add(new ShellToken.LineEnd(at));
        at++;
        while (!heredocs.isEmpty()) {
            heredoc(heredocs.poll()).ifPresent(tokens::add);
        }
        return tokens;
    }

    private Optional<ShellToken> heredoc(Pending pending) {
        var body = new StringBuilder();
        while (at < text.length()) {
            String line = text.substring(at, lineStop(at));
            at = afterLine(at);
            String stripped = pending.stripTabs() ? line.replaceFirst("^\t+", "") : line;
            if (stripped.stripTrailing().equals(pending.delimiter())) {
                return Optional.of(new ShellToken.HeredocBody(body.toString(), pending.expand()));
            }
            body.append(stripped).append('\n');
        }
        open = Optional.of(new Open("heredoc " + pending.delimiter(), pending.start()));
        return Optional.empty();
    }

    private static final List<String> OPERATORS = List.of(
            "<<<", "<<-", "&>>", "&&", "||", ";;", "|&", "<<", ">>", "<&", ">&", "&>", ">|", "<>", "|", "&", ";", "(",
            ")", "<", ">");

    private Optional<String> operator() {
        int digits = at;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        boolean redirection = digits < text.length() && (text.charAt(digits) == '<' || text.charAt(digits) == '>');
        int from = redirection ? digits : at;
        for (String operator : OPERATORS) {
            if (text.startsWith(operator, from)) {
                String whole = text.substring(at, from) + operator;
                at = from + operator.length();
                return Optional.of(whole);
            }
        }
        return Optional.empty();
    }

    private ShellWord word() {
        int start = at;
        var parts = new ArrayList<Part>();
        var plain = new StringBuilder();
        while (at < text.length() && !endsWord(text.charAt(at))) {
            char c = text.charAt(at);
            if (c == '\\') {
                if (continues(at)) {
                    at = afterLine(at);
                    if (at >= text.length()) {
                        open = Optional.of(new Open("line continuation", text.length() - 1));
                    }
                    continue;
                }
                flush(parts, plain);
                parts.add(new Part.Literal(text.substring(at + 1, at + 2), true));
                at += 2;
            } else if (c == '\'') {
                flush(parts, plain);
                singleQuoted(parts);
            } else if (c == '"') {
                flush(parts, plain);
                doubleQuoted(parts);
            } else if (text.startsWith("$'", at)) {
                flush(parts, plain);
                ansiQuoted(parts);
            } else if (c == '$' || c == '`') {
                flush(parts, plain);
                parts.add(dollar(false));
            } else {
                plain.append(c);
                at++;
            }
        }
        flush(parts, plain);
        return new ShellWord(parts, start, Math.min(at, text.length()));
    }

    private static boolean endsWord(char c) {
        return " \t\r\n|&;()<>".indexOf(c) >= 0;
    }

    private static void flush(List<Part> parts, StringBuilder plain) {
        if (!plain.isEmpty()) {
            parts.add(new Part.Literal(plain.toString(), false));
            plain.setLength(0);
        }
    }

    private void singleQuoted(List<Part> parts) {
        int close = text.indexOf('\'', at + 1);
        if (close < 0) {
            open = Optional.of(new Open("quote", at));
            close = text.length();
        }
        parts.add(new Part.Literal(text.substring(at + 1, close), true));
        at = Math.min(text.length(), close + 1);
    }

    /** {@code $'…'}, in which backslashes stand for what cannot be typed. */
    private void ansiQuoted(List<Part> parts) {
        int close = closing('\'', at + 2);
        if (close < 0) {
            open = Optional.of(new Open("quote", at));
            close = text.length();
        }
        String body = text.substring(at + 2, close);
        at = Math.min(text.length(), close + 1);
        var value = new StringBuilder();
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c != '\\' || i + 1 == body.length()) {
                value.append(c);
                continue;
            }
            char escaped = body.charAt(++i);
            int at = "abefnrtv\\'\"?".indexOf(escaped);
            value.append(at < 0 ? "\\" + escaped : "\u0007\b\u001b\f\n\r\t\u000b\\'\"?".substring(at, at + 1));
        }
        parts.add(new Part.Literal(value.toString(), true));
    }

    private void doubleQuoted(List<Part> parts) {
        int start = at++;
        var piece = new StringBuilder();
        parts.add(new Part.Literal("", true));
        while (at < text.length() && text.charAt(at) != '"') {
            char c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length() && "$`\"\\\n".indexOf(text.charAt(at + 1)) >= 0) {
                if (text.charAt(at + 1) != '\n') {
                    piece.append(text.charAt(at + 1));
                }
                at += 2;
            } else if (c == '$' || c == '`') {
                parts.add(new Part.Literal(piece.toString(), true));
                piece.setLength(0);
                parts.add(dollar(true));
            } else {
                piece.append(c);
                at++;
            }
        }
        parts.add(new Part.Literal(piece.toString(), true));
        if (at >= text.length()) {
            open = Optional.of(new Open("quote", start));
        } else {
            at++;
        }
    }

    private Part dollar(boolean quoted) {
        if (text.charAt(at) == '`') {
            return substitution(at + 1, closing('`', at + 1), quoted);
        }
        if (text.startsWith("$(", at)) {
            return substitution(at + 2, closingParenthesis(at + 2), quoted);
        }
        if (text.startsWith("${", at)) {
            return braced(quoted);
        }
        int end = at + 1;
        if (end < text.length() && "?$!#@*".indexOf(text.charAt(end)) >= 0) {
            end++;
        } else {
            end = nameEnd(end);
        }
        String name = text.substring(at + 1, end);
        at = end;
        return name.isEmpty() ? new Part.Literal("$", true) : new Part.Variable(name, Optional.empty(), quoted);
    }

    private int nameEnd(int from) {
        int end = from;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            end++;
        }
        return end;
    }

    private Part braced(boolean quoted) {
        int start = at;
        int nameStop = nameEnd(at + 2);
        String name = text.substring(at + 2, nameStop);
        int close = text.indexOf('}', nameStop);
        if (close < 0) {
            open = Optional.of(new Open("${", start));
            close = text.length();
        }
        String rest = text.substring(nameStop, close);
        at = Math.min(text.length(), close + 1);
        if (!name.isEmpty() && rest.isEmpty()) {
            return new Part.Variable(name, Optional.empty(), quoted);
        }
        if (!name.isEmpty() && (rest.startsWith(":-") || rest.startsWith("-"))) {
            return new Part.Variable(name, Optional.of(rest.substring(rest.indexOf('-') + 1)), quoted);
        }
        // Whatever else a shell can do inside braces needs one: let it be seen as such.
        return new Part.Substitution("printf %s \"" + text.substring(start, at) + "\"", quoted);
    }

    private int closing(char quote, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == quote) {
                return i;
            }
        }
        return -1;
    }

    /** The parenthesis that ends a {@code $(}; those inside quotes do not count. */
    private int closingParenthesis(int from) {
        int depth = 1;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '\'' || c == '"') {
                int close = c == '"' ? closing('"', i + 1) : text.indexOf('\'', i + 1);
                if (close < 0) {
                    return -1;
                }
                i = close;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private Part substitution(int from, int close, boolean quoted) {
        if (close < 0) {
            open = Optional.of(new Open(text.charAt(at) == '`' ? "backquote" : "$(", at));
            String rest = text.substring(from);
            at = text.length();
            return new Part.Substitution(rest, quoted);
        }
        at = close + 1;
        return new Part.Substitution(text.substring(from, close), quoted);
    }
}
