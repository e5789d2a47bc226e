package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.dockerfile.expand.WordExpander;

/**
 * A word {@code <<NAME}, {@code <<-NAME} or {@code 3<<"NAME"} that announces a heredoc.
 *
 * @param name without quotes
 * @param expand false when part of the name was quoted
 * @param stripTabs {@code <<-}
 */
record HeredocMarker(String name, boolean expand, boolean stripTabs) {
    private static final Pattern MARKER = Pattern.compile("\\d*<<(-?)([^<]*)");
    private static final WordExpander.Variables NONE = name -> Optional.empty();
    private static final WordExpander UNQUOTING =
            new WordExpander('\\', new WordExpander.Keeping(true, false, false, true));
    private static final WordExpander KEEPING_QUOTES =
            new WordExpander('\\', new WordExpander.Keeping(true, true, false, true));
    private static final WordExpander SPLITTING =
            new WordExpander('\\', new WordExpander.Keeping(true, true, true, true));

    /** The markers of a line, in order. A line whose quotes do not close has none. */
    static List<HeredocMarker> inLine(String line) throws ExpansionException {
        List<String> words;
        try {
            words = SPLITTING.expand(line, NONE).words();
        } catch (ExpansionException notWords) {
            return List.of();
        }
        List<HeredocMarker> markers = new ArrayList<>();
        for (String word : words) {
            parse(word).ifPresent(markers::add);
        }
        return markers;
    }

    /** @throws ExpansionException a name whose quotes do not close */
    static Optional<HeredocMarker> parse(String word) throws ExpansionException {
        Matcher match = MARKER.matcher(word);
        if (!match.matches() || match.group(2).isEmpty()) {
            return Optional.empty();
        }
        List<String> names = UNQUOTING.expand(match.group(2), NONE).words();
        if (names.size() != 1) {
            return Optional.empty();
        }
        String quoted =
                String.join("", KEEPING_QUOTES.expand(match.group(2), NONE).words());
        boolean expand = quotes(names.getFirst()) == quotes(quoted);
        return Optional.of(
                new HeredocMarker(names.getFirst(), expand, match.group(1).equals("-")));
    }

    /** The same of a word that may be anything; open quotes make it no marker. */
    static Optional<HeredocMarker> parseIfMarker(String word) {
        try {
            return parse(word);
        } catch (ExpansionException e) {
            return Optional.empty();
        }
    }

    /** Whether a line, without its end, closes the body. */
    boolean ends(String line) {
        int start = 0;
        while (stripTabs && start < line.length() && line.charAt(start) == '\t') {
            start++;
        }
        return line.substring(start).equals(name);
    }

    private static long quotes(String text) {
        return text.chars()
                .filter(character -> character == '\'' || character == '"')
                .count();
    }
}
