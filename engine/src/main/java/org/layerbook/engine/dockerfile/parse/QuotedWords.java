package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.dockerfile.Word;
import org.layerbook.engine.golang.GoText;

/**
 * Splits the arguments of ARG, ENV and LABEL at spaces outside quotes. Quotes and escapes stay in the words, for the
 * expander to take out later; only an escape character at the very end goes.
 */
final class QuotedWords {
    private final String text;
    private final char escape;
    private final List<Word> words = new ArrayList<>();
    private int at;

    private QuotedWords(String text, int from, char escape) {
        this.text = text;
        this.at = from;
        this.escape = escape;
    }

    static List<Word> split(String text, int from, char escape) {
        var splitter = new QuotedWords(text, from, escape);
        while ((splitter.at = GoText.skipSpaces(text, splitter.at)) < text.length()) {
            splitter.readWord();
        }
        return List.copyOf(splitter.words);
    }

    private void readWord() {
        int start = at;
        var word = new StringBuilder();
        while (at < text.length() && !GoText.isSpace(text.charAt(at))) {
            char character = text.charAt(at);
            if (character == '\'' || character == '"') {
                readQuoted(word, character);
            } else {
                readOne(word, character == escape);
            }
        }
        if (!word.isEmpty()) {
            words.add(new Word(word.toString(), start, at));
        }
    }

    /** One character, or an escape character and what it escapes, be it a space. */
    private void readOne(StringBuilder word, boolean escapes) {
        if (escapes && at + 1 == text.length()) {
            at++;
            return;
        }
        word.append(text.charAt(at++));
        if (escapes) {
            word.append(text.charAt(at++));
        }
    }

    private void readQuoted(StringBuilder word, char quote) {
        word.append(text.charAt(at++));
        while (at < text.length()) {
            char character = text.charAt(at);
            readOne(word, character == escape && quote != '\'');
            if (character == quote) {
                return;
            }
        }
    }
}
