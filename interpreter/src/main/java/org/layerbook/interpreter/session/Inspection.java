package org.layerbook.interpreter.session;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the user probably wants help on, by where the cursor stands. Pure. */
final class Inspection {
    private static final Pattern WORD = Pattern.compile("[%\\w@./:-]+");

    private Inspection() {}

    /** Topics, the closest first: what stands at the cursor, then what the line is about. */
    static List<String> topics(String code, int cursor) {
        int at = Math.clamp(cursor, 0, code.length());
        int start = code.lastIndexOf('\n', at - 1) + 1;
        int end = code.indexOf('\n', at);
        String line = code.substring(start, end < 0 ? code.length() : end);
        var topics = new ArrayList<String>();
        String bare = line.strip().replaceFirst("^!\\s*", "").replaceFirst("^sudo\\s+", "");
        if (bare.startsWith("docker")) {
            docker(bare, topics);
            return topics;
        }
        Matcher words = WORD.matcher(line);
        while (words.find()) {
            if (words.start() <= at - start && at - start <= words.end()) {
                topics.add(words.group());
            }
        }
        String first = line.strip().split("\\s+", 2)[0];
        if (!first.isEmpty() && !topics.contains(first)) {
            topics.add(first);
        }
        return topics;
    }

    private static void docker(String line, List<String> topics) {
        String[] words = line.split("\\s+");
        for (int count = Math.min(3, words.length); count >= 1; count--) {
            String topic = String.join(" ", List.of(words).subList(0, count));
            if (topic.matches("[a-z -]+")) {
                topics.add(topic);
            }
        }
    }
}
