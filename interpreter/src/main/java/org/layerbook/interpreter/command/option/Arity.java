package org.layerbook.interpreter.command.option;

import java.util.Optional;

/**
 * How many arguments there may be, and where.
 *
 * @param most -1 for any number
 * @param optionsBetween whether options may stand behind arguments; else all behind the first are arguments
 */
public record Arity(int least, int most, boolean optionsBetween) {
    public static final Arity NONE = new Arity(0, 0);
    public static final Arity ANY = new Arity(0, -1);

    public Arity(int least, int most) {
        this(least, most, true);
    }

    public Arity optionsFirst() {
        return new Arity(least, most, false);
    }

    public static Arity exactly(int number) {
        return new Arity(number, number);
    }

    public static Arity atLeast(int number) {
        return new Arity(number, -1);
    }

    public static Arity between(int least, int most) {
        return new Arity(least, most);
    }

    public static Arity atMost(int number) {
        return new Arity(0, number);
    }

    /** What is wrong with {@code given} arguments, and the verb with which docker points to help; empty when nothing is. */
    public Optional<String> fault(int given) {
        if (given >= least && (most < 0 || given <= most)) {
            return Optional.empty();
        }
        if (most == 0) {
            return Optional.of("accepts no arguments");
        }
        if (most == least) {
            return Optional.of("requires " + count(least));
        }
        if (most < 0) {
            return Optional.of("requires at least " + count(least));
        }
        String range = least == 0 ? "at most " + count(most) : "at least " + least + " and at most " + count(most);
        return Optional.of("requires " + range);
    }

    private static String count(int number) {
        return number + (number == 1 ? " argument" : " arguments");
    }
}
