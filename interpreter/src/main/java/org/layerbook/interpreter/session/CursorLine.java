package org.layerbook.interpreter.session;

import java.util.ArrayList;
import java.util.List;

/**
 * The entry that the cursor stands in, up to the cursor.
 *
 * @param words before the one that is being typed
 * @param word what of the current word stands before the cursor; may be empty
 * @param wordStart where it begins in the code
 */
record CursorLine(List<String> words, String word, int wordStart) {
    static CursorLine at(String code, int cursor) {
        int start = code.lastIndexOf('\n', cursor - 1) + 1;
        while (start > 1 && continues(code, start)) {
            start = code.lastIndexOf('\n', start - 2) + 1;
        }
        String before = code.substring(start, cursor);
        int word = before.length();
        while (word > 0 && !Character.isWhitespace(before.charAt(word - 1))) {
            word--;
        }
        var words = new ArrayList<String>();
        for (String part : before.substring(0, word).strip().split("[\\s\\\\]+")) {
            if (!part.isEmpty() && !part.equals("$") && !part.equals("!")) {
                words.add(part.startsWith("!") ? part.substring(1) : part);
            }
        }
        if (!words.isEmpty() && words.getFirst().equals("sudo")) {
            words.removeFirst();
        }
        return new CursorLine(words, before.substring(word), start + word);
    }

    private static boolean continues(String code, int lineStart) {
        int last = lineStart - 2;
        return last >= 0 && (code.charAt(last) == '\\' || code.charAt(last) == '`');
    }
}
