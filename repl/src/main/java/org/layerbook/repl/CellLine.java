package org.layerbook.repl;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.layerbook.interpreter.Interpreter.Completion;

/** What stands at the cursor, as the interpreter's completion sees it; JLine completes "the word", we a range. */
record CellLine(String line, int cursor, Completion completion) implements CompletingParsedLine {
    @Override
    public String word() {
        return line.substring(completion.start(), Math.max(cursor, completion.end()));
    }

    @Override
    public int wordCursor() {
        return cursor - completion.start();
    }

    @Override
    public int wordIndex() {
        return 0;
    }

    @Override
    public List<String> words() {
        return List.of(word());
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
        return candidate;
    }

    @Override
    public int rawWordCursor() {
        return wordCursor();
    }

    @Override
    public int rawWordLength() {
        return word().length();
    }
}
