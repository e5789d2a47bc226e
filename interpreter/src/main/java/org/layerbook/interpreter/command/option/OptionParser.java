package org.layerbook.interpreter.command.option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.layerbook.engine.golang.ByteSize;
import org.layerbook.engine.golang.CommaSeparated;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;

/**
 * Reads a command line as Go's pflag does, which docker uses: {@code -aq}, {@code -fVALUE}, {@code -f=VALUE},
 * {@code --name VALUE}, {@code --name=VALUE}, {@code --switch=false}, {@code --} ends the options.
 */
public final class OptionParser {
    private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
    private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

    private final List<OptionSpec> specs;
    private final Map<String, List<String>> values = new LinkedHashMap<>();
    private final List<String> arguments = new ArrayList<>();
    private List<String> words = List.of();
    private int next;

    private OptionParser(List<OptionSpec> specs) {
        this.specs = specs;
    }

    /** @param arguments what is left when the options are taken out */
    public record Parsed(Options options, List<String> arguments) {
        public Parsed {
            arguments = List.copyOf(arguments);
        }
    }

    /**
     * @param interspersed whether options may stand behind arguments; else the first argument ends them, and what follows
     *     is left as it is
     * @throws OptionException at the first fault, as pflag
     */
    public static Parsed parse(List<OptionSpec> specs, List<String> words, boolean interspersed)
            throws OptionException {
        var parser = new OptionParser(specs);
        parser.words = words;
        parser.parse(interspersed);
        return new Parsed(new Options(parser.values), parser.arguments);
    }

    private void parse(boolean interspersed) throws OptionException {
        while (next < words.size()) {
            String word = words.get(next++);
            if (word.length() < 2 || word.charAt(0) != '-') {
                arguments.add(word);
                if (!interspersed) {
                    takeRest();
                }
            } else if (word.equals("--")) {
                takeRest();
            } else if (word.startsWith("--")) {
                longOption(word);
            } else {
                shorthands(word);
            }
        }
    }

    private void takeRest() {
        arguments.addAll(words.subList(next, words.size()));
        next = words.size();
    }

    private void longOption(String word) throws OptionException {
        String body = word.substring(2);
        if (body.startsWith("-") || body.startsWith("=")) {
            throw new OptionException("bad flag syntax: " + word);
        }
        int equals = body.indexOf('=');
        String name = equals < 0 ? body : body.substring(0, equals);
        OptionSpec spec = specs.stream()
                .filter(option -> option.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new OptionException("unknown flag: --" + name));
        if (equals >= 0) {
            set(spec, body.substring(equals + 1));
        } else if (!spec.takesValue()) {
            set(spec, withoutValue(spec));
        } else if (next < words.size()) {
            set(spec, words.get(next++));
        } else {
            throw new OptionException("flag needs an argument: " + word);
        }
    }

    private void shorthands(String word) throws OptionException {
        String letters = word.substring(1);
        while (!letters.isEmpty()) {
            char letter = letters.charAt(0);
            String rest = letters.substring(1);
            String inWord = letters;
            OptionSpec spec = specs.stream()
                    .filter(option -> option.shorthand().equals(Optional.of(letter)))
                    .findFirst()
                    .orElseThrow(
                            () -> new OptionException("unknown shorthand flag: " + quoted(letter) + " in -" + inWord));
            if (rest.startsWith("=") && rest.length() > 1) {
                set(spec, rest.substring(1));
                return;
            }
            if (!spec.takesValue()) {
                set(spec, withoutValue(spec));
                letters = rest;
                continue;
            }
            if (!rest.isEmpty()) {
                set(spec, rest);
            } else if (next < words.size()) {
                set(spec, words.get(next++));
            } else {
                throw new OptionException("flag needs an argument: " + quoted(letter) + " in -" + inWord);
            }
            return;
        }
    }

    private static String withoutValue(OptionSpec spec) {
        return spec.kind() == Kind.SWITCH ? "true" : "";
    }

    private static String quoted(char letter) {
        return "'" + letter + "'";
    }

    private void set(OptionSpec spec, String value) throws OptionException {
        List<String> given = values.computeIfAbsent(spec.name(), name -> new ArrayList<>());
        switch (spec.kind()) {
            case SWITCH -> given.add(readSwitch(spec, value));
            case TEXT, OPTIONAL_TEXT, LIST -> given.add(value);
            case COMMA_LIST -> given.addAll(readFields(spec, value));
            case FILTER -> given.addAll(readFilter(spec, value));
            case NUMBER -> given.add(readNumber(spec, value));
            case BYTES -> given.add(readBytes(spec, value));
            case ULIMIT -> given.add(readUlimit(spec, value));
        }
    }

    private static String readSwitch(OptionSpec spec, String value) throws OptionException {
        if (TRUE.contains(value)) {
            return "true";
        }
        if (FALSE.contains(value)) {
            return "false";
        }
        throw invalid(spec, value, "strconv.ParseBool: parsing \"" + value + "\": invalid syntax");
    }

    private static List<String> readFields(OptionSpec spec, String value) throws OptionException {
        try {
            return CommaSeparated.fields(value);
        } catch (IllegalArgumentException e) {
            throw invalid(spec, value, e.getMessage());
        }
    }

    private static List<String> readFilter(OptionSpec spec, String value) throws OptionException {
        if (value.isEmpty()) {
            return List.of();
        }
        int equals = value.indexOf('=');
        if (equals < 0) {
            throw invalid(spec, value, "bad format of filter (expected name=value)");
        }
        String name = value.substring(0, equals).strip().toLowerCase(Locale.ROOT);
        return List.of(name + "=" + value.substring(equals + 1).strip());
    }

    private static String readNumber(OptionSpec spec, String value) throws OptionException {
        try {
            return Long.toString(Long.parseLong(value));
        } catch (NumberFormatException e) {
            throw invalid(spec, value, "strconv.ParseInt: parsing \"" + value + "\": invalid syntax");
        }
    }

    private static String readBytes(OptionSpec spec, String value) throws OptionException {
        return Long.toString(
                ByteSize.parse(value).orElseThrow(() -> invalid(spec, value, "invalid size: '" + value + "'")));
    }

    private static String readUlimit(OptionSpec spec, String value) throws OptionException {
        try {
            Ulimits.parse(value);
            return value;
        } catch (IllegalArgumentException e) {
            throw invalid(spec, value, e.getMessage());
        }
    }

    private static OptionException invalid(OptionSpec spec, String value, String why) {
        return new OptionException("invalid argument \"" + value + "\" for \"" + spec.label() + "\" flag: " + why);
    }
}
