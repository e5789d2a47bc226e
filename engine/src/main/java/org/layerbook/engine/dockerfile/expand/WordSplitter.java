package org.layerbook.engine.dockerfile.expand;

import java.util.ArrayList;
import java.util.List;
import org.layerbook.engine.golang.GoText;

/** Takes a text piece by piece and splits it at spaces; what was quoted or escaped is protected. */
final class WordSplitter {
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();

    void add(int character) {
        if (!GoText.isSpace(character)) {
            word.appendCodePoint(character);
        } else if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    void add(String text) {
        text.codePoints().forEach(this::add);
    }

    void addProtected(String text) {
        word.append(text);
    }

    /** The words so far; an empty one, quoted or not, is none. */
    List<String> finish() {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
        return List.copyOf(words);
    }
}
