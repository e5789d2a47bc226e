package org.layerbook.interpreter.command.option;

import java.util.Optional;

/**
 * One option of a command, as data: what the parser accepts and what help says.
 *
 * @param name without the dashes
 * @param shorthand one letter
 * @param typeName what help calls the value; empty for a switch
 * @param help may hold line ends, and ends with the default where docker says it
 * @param hidden accepted, but not in help
 */
public record OptionSpec(
        String name, Optional<Character> shorthand, Kind kind, String typeName, String help, boolean hidden) {
    /** How a value is read and whether it may come more than once. */
    public enum Kind {
        /** A switch: no value, or one after {@code =}. */
        SWITCH,
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
        return new OptionSpec(name, Optional.empty(), Kind.SWITCH, "", help, false);
    }

    public static OptionSpec toggle(char shorthand, String name, String help) {
        return new OptionSpec(name, Optional.of(shorthand), Kind.SWITCH, "", help, false);
    }

    public static OptionSpec text(String name, String help) {
        return new OptionSpec(name, Optional.empty(), Kind.TEXT, "string", help, false);
    }

    public static OptionSpec text(char shorthand, String name, String help) {
        return new OptionSpec(name, Optional.of(shorthand), Kind.TEXT, "string", help, false);
    }

    public static OptionSpec of(Kind kind, String typeName, String name, String help) {
        return new OptionSpec(name, Optional.empty(), kind, typeName, help, false);
    }

    public static OptionSpec of(Kind kind, String typeName, char shorthand, String name, String help) {
        return new OptionSpec(name, Optional.of(shorthand), kind, typeName, help, false);
    }

    /** The same, accepted without a word in help. */
    public OptionSpec hiddenFromHelp() {
        return new OptionSpec(name, shorthand, kind, typeName, help, true);
    }

    /** {@code "-a, --all"} or {@code "--all"}, as messages name it. */
    String label() {
        return shorthand.map(letter -> "-" + letter + ", ").orElse("") + "--" + name;
    }
}
