package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Word;
import org.layerbook.engine.golang.Suggestion;

/** The flags that an instruction knows, and their values in one statement. */
final class FlagSet {
    private enum Kind {
        BOOLEAN,
        TEXT,
        /** May be given several times. */
        TEXTS
    }

    private final Map<String, Kind> known = new TreeMap<>();
    private final Map<String, List<Word>> values = new LinkedHashMap<>();

    FlagSet booleans(String... names) {
        return add(Kind.BOOLEAN, names);
    }

    FlagSet texts(String... names) {
        return add(Kind.TEXT, names);
    }

    FlagSet lists(String... names) {
        return add(Kind.TEXTS, names);
    }

    private FlagSet add(Kind kind, String... names) {
        for (String name : names) {
            known.put(name, kind);
        }
        return this;
    }

    FlagSet parse(Statement statement) throws DockerfileException {
        for (Word flag : statement.flags()) {
            parse(statement, flag);
        }
        return this;
    }

    private void parse(Statement statement, Word flag) throws DockerfileException {
        String text = flag.text().substring(2);
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        String value = equals < 0 ? "" : text.substring(equals + 1);
        Kind kind = known.get(name);
        if (kind == null) {
            throw unknown(statement, flag, name);
        }
        if (kind != Kind.TEXTS && values.containsKey(name)) {
            throw failure(statement, flag, "duplicate flag specified: --" + name, "use --" + name + " only once");
        }
        boolean missing = kind == Kind.BOOLEAN ? equals >= 0 && value.isEmpty() : equals < 0;
        if (missing) {
            String example = kind == Kind.BOOLEAN ? "--" + name : "--" + name + "=VALUE";
            throw failure(statement, flag, "missing a value on flag: --" + name, "write " + example);
        }
        if (kind == Kind.BOOLEAN && !value.isEmpty() && !isBoolean(value)) {
            throw failure(
                    statement,
                    flag,
                    "expecting boolean value for flag --" + name + ", not: " + value,
                    "write --" + name + " or --" + name + "=false");
        }
        values.computeIfAbsent(name, key -> new ArrayList<>()).add(new Word(value, flag.start(), flag.end()));
    }

    private DockerfileException unknown(Statement statement, Word flag, String name) {
        String keyword = statement.name();
        String hint = known.isEmpty()
                ? keyword + " has no flags"
                : keyword + " accepts --" + String.join(", --", known.keySet());
        String message = Suggestion.addTo("unknown flag: --" + name, name, known.keySet(), true);
        return failure(statement, flag, message, hint);
    }

    private static boolean isBoolean(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "false" -> true;
            default -> false;
        };
    }

    private static DockerfileException failure(Statement statement, Word place, String message, String hint) {
        return new DockerfileException(new Diagnostic(statement.range(place), message, Optional.of(hint)));
    }

    /** The flag's value; a flag without one ({@code --from=}) counts as not given, as with BuildKit. */
    Optional<String> text(String name) {
        return word(name).map(Word::text);
    }

    Optional<Word> word(String name) {
        return words(name).stream().findFirst().filter(value -> !value.text().isEmpty());
    }

    List<Word> words(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }

    List<String> list(String name) {
        return words(name).stream().map(Word::text).toList();
    }

    Optional<Boolean> choice(String name) {
        return words(name).stream().findFirst().map(value -> !value.text().equalsIgnoreCase("false"));
    }

    boolean isSet(String name) {
        return choice(name).orElse(false);
    }
}
