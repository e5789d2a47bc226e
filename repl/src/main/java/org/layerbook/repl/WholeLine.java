package org.layerbook.repl;

import java.util.List;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Reads an answer: whatever was typed, quotes and backslashes included. */
final class WholeLine implements Parser {
    private record Answer(String line, int cursor) implements ParsedLine {
        @Override
        public String word() {
            return line;
        }

        @Override
        public int wordCursor() {
            return cursor;
        }

        @Override
        public int wordIndex() {
            return 0;
        }

        @Override
        public List<String> words() {
            return List.of(line);
        }
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        return new Answer(line, cursor);
    }
}
