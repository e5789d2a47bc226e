package org.layerbook.interpreter.session.completion;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.layerbook.interpreter.cell.CellParser;
import org.layerbook.interpreter.cell.Cursor;
import org.layerbook.interpreter.cell.CursorPlace;

/** What the user probably wants help on, by where the cursor stands. Pure. */
public final class Inspection {
    private static final Pattern WORD = Pattern.compile("[%\\w@./:-]");
    private static final int MOST_WORDS = 3;

    private Inspection() {}

    /**
     * Topics, the closest first: what stands at the cursor, then what the line is about.
     *
     * @param parser reads the user's cells
     */
    public static List<String> topics(String code, int cursor, CellParser parser) {
        int at = Math.clamp(cursor, 0, code.length());
        int newline = code.indexOf('\n', at);
        Cursor line = parser.cursor(code.substring(0, newline < 0 ? code.length() : newline));
        if (line.place() == CursorPlace.TEXT) {
            return List.of();
        }
        var words = new ArrayList<>(line.words());
        words.add(line.word());
        if (words.getFirst().equals("docker")) {
            return ofDocker(words);
        }
        var topics = new ArrayList<String>();
        topics.add(wordAt(code, at));
        topics.add(words.getFirst());
        topics.removeIf(String::isEmpty);
        return topics.stream().distinct().toList();
    }

    private static String wordAt(String code, int at) {
        int start = at;
        while (start > 0 && isWord(code.charAt(start - 1))) {
            start--;
        }
        int end = at;
        while (end < code.length() && isWord(code.charAt(end))) {
            end++;
        }
        return code.substring(start, end);
    }

    private static boolean isWord(char c) {
        return WORD.matcher(String.valueOf(c)).matches();
    }

    private static List<String> ofDocker(List<String> words) {
        var topics = new ArrayList<String>();
        for (int count = Math.min(MOST_WORDS, words.size()); count >= 1; count--) {
            String topic = String.join(" ", words.subList(0, count)).strip();
            if (topic.matches("[a-z -]+")) {
                topics.add(topic);
            }
        }
        return topics.stream().distinct().toList();
    }
}
