package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Word;
import org.layerbook.engine.golang.GoText;

/** Cuts a logical line into keyword, flags and arguments. What it cannot cut is an error before any other is looked for. */
final class StatementParser {
    /** BuildKit's stack is not ours: an ONBUILD in an ONBUILD is refused later, but has to be read first. */
    private static final int DEEPEST = 100;

    private final LogicalLine line;
    private final String text;
    private final char escape;

    private StatementParser(LogicalLine line, char escape) {
        this.line = line;
        this.text = line.text().substring(0, GoText.endWithoutSpaces(line.text(), 0));
        this.escape = escape;
    }

    static Statement parse(LogicalLine line, char escape) throws DockerfileException {
        return new StatementParser(line, escape).parse(0, 0);
    }

    private Statement parse(int from, int depth) throws DockerfileException {
        int start = GoText.skipSpaces(text, from);
        int end = start;
        while (end < text.length() && !GoText.isWordBreak(text.charAt(end))) {
            end++;
        }
        Word keyword = Word.of(text, start, end);
        int rest = end;
        while (rest < text.length() && GoText.isWordBreak(text.charAt(rest))) {
            rest++;
        }
        FlagWords flags = FlagWords.read(text, rest);
        int arguments = GoText.skipSpaces(text, flags.end());
        return arguments(keyword, flags.words(), arguments, depth);
    }

    private Statement arguments(Word keyword, List<Word> flags, int from, int depth) throws DockerfileException {
        if (from >= text.length()) {
            return statement(keyword, flags, List.of());
        }
        return switch (keyword.text().toLowerCase(Locale.ROOT)) {
            case "add", "copy", "volume" -> jsonOr(keyword, flags, List.of(), from, blankSeparated(from));
            case "cmd", "entrypoint", "run", "shell" -> jsonOr(keyword, flags, List.of(), from, List.of(rest(from)));
            case "arg" -> statement(keyword, flags, wordsOf(from));
            case "env", "label" -> statement(keyword, flags, namesAndValues(keyword, from));
            case "expose", "from" -> statement(keyword, flags, blankSeparated(from));
            case "maintainer", "stopsignal", "user", "workdir" -> statement(keyword, flags, List.of(rest(from)));
            case "healthcheck" -> healthcheck(keyword, flags, from);
            case "onbuild" ->
                new Statement(
                        line,
                        keyword,
                        flags,
                        List.of(rest(from)),
                        false,
                        depth < DEEPEST ? Optional.of(parse(from, depth + 1)) : Optional.empty());
            default -> statement(keyword, flags, List.of());
        };
    }

    private Statement statement(Word keyword, List<Word> flags, List<Word> arguments) {
        return new Statement(line, keyword, flags, arguments, false, Optional.empty());
    }

    private Word rest(int from) {
        return Word.of(text, from, text.length());
    }

    private Statement jsonOr(Word keyword, List<Word> flags, List<Word> before, int from, List<Word> otherwise)
            throws DockerfileException {
        return switch (JsonStrings.read(text, from)) {
            case JsonStrings.Result.Strings(List<Word> words) ->
                new Statement(line, keyword, flags, joined(before, words), true, Optional.empty());
            case JsonStrings.Result.OtherArray(Word element) ->
                throw failure(
                        element,
                        "when using JSON array syntax, arrays must be comprised of strings only",
                        "write it in double quotes");
            case JsonStrings.Result.NotJson() -> statement(keyword, flags, joined(before, otherwise));
        };
    }

    private static List<Word> joined(List<Word> first, List<Word> second) {
        var all = new ArrayList<>(first);
        all.addAll(second);
        return List.copyOf(all);
    }

    private Statement healthcheck(Word keyword, List<Word> flags, int from) throws DockerfileException {
        int end = from;
        while (end < text.length() && !GoText.isSpace(text.charAt(end))) {
            end++;
        }
        List<Word> type = List.of(Word.of(text, from, end));
        int command = GoText.skipSpaces(text, end);
        return command >= text.length()
                ? statement(keyword, flags, type)
                : jsonOr(keyword, flags, type, command, List.of(rest(command)));
    }

    private List<Word> blankSeparated(int from) {
        List<Word> words = new ArrayList<>();
        int at = from;
        while (at < text.length()) {
            int end = at;
            while (end < text.length() && !GoText.isWordBreak(text.charAt(end))) {
                end++;
            }
            words.add(Word.of(text, at, end));
            at = end;
            while (at < text.length() && GoText.isWordBreak(text.charAt(at))) {
                at++;
            }
        }
        return List.copyOf(words);
    }

    private List<Word> wordsOf(int from) {
        return QuotedWords.split(text, from, escape);
    }

    /** {@code name=value …}, or the old {@code name value with spaces} when the first word has no equals sign. */
    private List<Word> namesAndValues(Word keyword, int from) throws DockerfileException {
        List<Word> words = wordsOf(from);
        if (words.isEmpty()) {
            return words;
        }
        String name = keyword.text().toUpperCase(Locale.ROOT);
        if (words.getFirst().text().indexOf('=') < 0) {
            return oldForm(name, from);
        }
        List<Word> pairs = new ArrayList<>();
        for (Word word : words) {
            int equals = word.text().indexOf('=');
            if (equals < 0) {
                throw failure(
                        word,
                        "Syntax error - can't find = in " + GoText.quote(word.text())
                                + ". Must be of the form: name=value",
                        "quote a value that has spaces: " + name + " name=\"a value\"");
            }
            int split = word.start() + equals;
            pairs.add(new Word(word.text().substring(0, equals), word.start(), split));
            pairs.add(new Word(word.text().substring(equals + 1), split + 1, Math.max(split + 1, word.end())));
        }
        return List.copyOf(pairs);
    }

    private List<Word> oldForm(String name, int from) throws DockerfileException {
        List<Word> parts = blankSeparated(from);
        if (parts.size() < 2) {
            throw failure(
                    parts.getFirst(),
                    name + " must have two arguments",
                    "write " + name + " " + parts.getFirst().text() + "=value");
        }
        return List.of(parts.getFirst(), rest(parts.get(1).start()));
    }

    private DockerfileException failure(Word word, String message, String hint) {
        return new DockerfileException(new Diagnostic(line.range(word), message, Optional.of(hint)));
    }
}
