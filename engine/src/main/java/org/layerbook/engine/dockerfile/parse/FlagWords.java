package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.dockerfile.Word;
import org.layerbook.engine.golang.GoText;

/**
 * The words after a keyword that begin with {@code --}. Quotes and backslashes are taken out of them, whatever the escape
 * character; a lone {@code --} ends them.
 *
 * @param end where the arguments begin
 */
record FlagWords(List<Word> words, int end) {
    static FlagWords read(String text, int from) {
        List<Word> words = new ArrayList<>();
        int at = GoText.skipSpaces(text, from);
        while (text.startsWith("--", at)) {
            var word = new StringBuilder();
            int end = readWord(text, at, word);
            if (word.toString().equals("--")) {
                return new FlagWords(words, end);
            }
            words.add(new Word(word.toString(), at, end));
            at = GoText.skipSpaces(text, end);
        }
        return new FlagWords(List.copyOf(words), at);
    }

    private static int readWord(String text, int from, StringBuilder word) {
        int at = from;
        char quote = 0;
        while (at < text.length() && (quote != 0 || !GoText.isSpace(text.charAt(at)))) {
            char character = text.charAt(at++);
            if (quote != 0 && character == quote) {
                quote = 0;
            } else if (quote == 0 && (character == '\'' || character == '"')) {
                quote = character;
            } else if (character != '\\') {
                word.append(character);
            } else if (at < text.length()) {
                word.append(text.charAt(at++));
            }
        }
        return at;
    }
}
