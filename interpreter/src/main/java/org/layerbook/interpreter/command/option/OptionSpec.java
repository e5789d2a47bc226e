package org.layerbook.interpreter.command.option;

import java.util.List;
import java.util.Optional;

/**
 * One option of a command, as data: what the parser accepts and what help says.
 *
 * @param name without the dashes
 * @param shorthand one letter
 * @param typeName what help calls the value; empty for a switch
 * @param help may hold line ends, and ends with the default where docker says it
 * @param hidden accepted, but not in help
 * @param values what completes its value
 */
public record OptionSpec(
        String name,
        Optional<Character> shorthand,
        Kind kind,
        String typeName,
        String help,
        boolean hidden,
        Values values) {
    /** What can stand as the value of an option. */
    public sealed interface Values {
        record Any() implements Values {}

        record Files() implements Values {}

        record Images() implements Values {}

        /** Words of which it is one, or with which it begins. */
        record Words(List<String> all) implements Values {
            public Words {
                all = List.copyOf(all);
            }
        }
    }

    private static final Values ANY = new Values.Any();

    /** How a value is read and whether it may come more than once. */
    public enum Kind {
        /** A switch: no value, or one after {@code =}. */
        SWITCH,
        /** No value, which is as good as an empty one, or one after {@code =}. The last one counts. */
        OPTIONAL_TEXT,
        /** The last one counts. */
        TEXT,
        /** Every one counts. */
        LIST,
        /** Every one counts, and each may be several with commas between, read as a line of CSV. */
        COMMA_LIST,
        /** Every one counts; {@code name=value}. */
        FILTER,
        /** A whole number. */
        NUMBER,
        /** A size in bytes with an optional binary unit: {@code 64m}. */
        BYTES,
        /** Every one counts; a limit of a process, {@code nofile=1024:2048}. */
        ULIMIT
    }

    public static OptionSpec toggle(String name, String help) {
        return new OptionSpec(name, Optional.empty(), Kind.SWITCH, "", help, false, ANY);
    }

    public static OptionSpec toggle(char shorthand, String name, String help) {
        return new OptionSpec(name, Optional.of(shorthand), Kind.SWITCH, "", help, false, ANY);
    }

    public static OptionSpec text(String name, String help) {
        return new OptionSpec(name, Optional.empty(), Kind.TEXT, "string", help, false, ANY);
    }

    public static OptionSpec text(char shorthand, String name, String help) {
        return new OptionSpec(name, Optional.of(shorthand), Kind.TEXT, "string", help, false, ANY);
    }

    /** {@code --help}, which every command has and no help lists. */
    public static OptionSpec help(Optional<Character> shorthand) {
        return new OptionSpec("help", shorthand, Kind.SWITCH, "", "Print usage", true, ANY);
    }

    public static OptionSpec of(Kind kind, String typeName, String name, String help) {
        return new OptionSpec(name, Optional.empty(), kind, typeName, help, false, ANY);
    }

    public static OptionSpec of(Kind kind, String typeName, char shorthand, String name, String help) {
        return new OptionSpec(name, Optional.of(shorthand), kind, typeName, help, false, ANY);
    }

    /** The same, accepted without a word in help. */
    public OptionSpec hiddenFromHelp() {
        return new OptionSpec(name, shorthand, kind, typeName, help, true, values);
    }

    public OptionSpec files() {
        return completing(new Values.Files());
    }

    public OptionSpec images() {
        return completing(new Values.Images());
    }

    /** @param words of which the value is one, or with which it begins */
    public OptionSpec oneOf(String... words) {
        return completing(new Values.Words(List.of(words)));
    }

    private OptionSpec completing(Values with) {
        return new OptionSpec(name, shorthand, kind, typeName, help, hidden, with);
    }

    public boolean takesValue() {
        return kind != Kind.SWITCH && kind != Kind.OPTIONAL_TEXT;
    }

    /** {@code "-a, --all"} or {@code "--all"}, as messages name it. */
    String label() {
        return shorthand.map(letter -> "-" + letter + ", ").orElse("") + "--" + name;
    }
}
