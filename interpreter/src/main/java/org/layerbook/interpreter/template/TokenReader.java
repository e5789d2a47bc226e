package org.layerbook.interpreter.template;

import java.util.List;
import org.layerbook.interpreter.template.Token.Kind;

/** Reads the tokens of a template one after the other, and reports errors at the current one in Go's words. */
final class TokenReader {
    private final List<Token> tokens;
    private int next;

    TokenReader(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token peek() {
        return tokens.get(next);
    }

    Token take() {
        Token token = tokens.get(next);
        if (next < tokens.size() - 1) {
            next++;
        }
        return token;
    }

    Token peekPastBlanks() {
        while (peek().is(Kind.BLANKS)) {
            take();
        }
        return peek();
    }

    Token takePastBlanks() {
        peekPastBlanks();
        return take();
    }

    TemplateException fault(String message) {
        Token at = tokens.get(Math.max(0, next - 1));
        int line = peek().is(Kind.ERROR) ? peek().line() : at.line();
        return new TemplateException("template: :" + line + ": " + message);
    }

    TemplateException unexpected(Token token, String where) {
        return token.is(Kind.ERROR) ? fault(token.text()) : fault("unexpected " + token.described() + " in " + where);
    }

    static boolean isWord(Token token, String word) {
        return token.is(Kind.KEYWORD) && token.text().equals(word);
    }

    void expectClose(String where) throws TemplateException {
        Token token = takePastBlanks();
        if (!token.is(Kind.RIGHT_DELIMITER)) {
            throw unexpected(token, where);
        }
    }

    /** Puts the last token back. */
    void back() {
        next--;
    }

    /** Returns the position of the next token, for {@link #reset}. */
    int mark() {
        return next;
    }

    void reset(int mark) {
        next = mark;
    }
}
