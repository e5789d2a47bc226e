package org.layerbook.repl;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jline.reader.Candidate;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.CompletionMatcher;
import org.jline.reader.LineReader;

/** Offers what the interpreter says and nothing less: which candidates fit is the cell language's to know. */
final class PassthroughMatcher implements CompletionMatcher {
    private String word = "";
    private List<Candidate> matches = List.of();

    @Override
    public void compile(
            Map<LineReader.Option, Boolean> options,
            boolean prefix,
            CompletingParsedLine line,
            boolean caseInsensitive,
            int errors,
            String originalGroupName) {
        word = line.word().substring(0, line.wordCursor());
    }

    @Override
    public List<Candidate> matches(List<Candidate> candidates) {
        matches = List.copyOf(candidates);
        return matches;
    }

    @Override
    public Candidate exactMatch() {
        return matches.stream()
                .filter(c -> c.complete() && c.value().equals(word))
                .findFirst()
                .orElse(null);
    }

    /** What all begin with; never less than what is typed already, in whatever case. */
    @Override
    public String getCommonPrefix() {
        return matches.stream()
                .map(Candidate::value)
                .reduce(PassthroughMatcher::common)
                .filter(Predicate.not(String::isEmpty))
                .filter(p -> p.length() >= word.length())
                .orElse(word);
    }

    private static String common(String a, String b) {
        int length = 0;
        while (length < Math.min(a.length(), b.length()) && a.charAt(length) == b.charAt(length)) {
            length++;
        }
        return a.substring(0, length);
    }
}
