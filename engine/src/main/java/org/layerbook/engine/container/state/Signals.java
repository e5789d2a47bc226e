package org.layerbook.engine.container.state;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/** Signals by name and number, as docker takes them. */
public final class Signals {
    /** In the order of their numbers, from 1. */
    private static final List<String> NAMES = List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS");

    private static final int LOWEST_REAL_TIME = 34;
    private static final int HIGHEST = 64;

    public static final int KILL = 9;

    private Signals() {}

    /** Empty for what is none. A number need not be one that the kernel has. */
    public static OptionalInt number(String text) {
        if (text.matches("\\d{1,9}")) {
            int number = Integer.parseInt(text);
            return number == 0 ? OptionalInt.empty() : OptionalInt.of(number);
        }
        String upper = text.toUpperCase(Locale.ROOT);
        String name = upper.startsWith("SIG") ? upper.substring("SIG".length()) : upper;
        int index = switch (name) {
            case "IOT" -> NAMES.indexOf("ABRT");
            case "CLD" -> NAMES.indexOf("CHLD");
            case "POLL" -> NAMES.indexOf("IO");
            default -> NAMES.indexOf(name);
        };
        return index >= 0 ? OptionalInt.of(index + 1) : realTime(name);
    }

    private static OptionalInt realTime(String name) {
        if (name.matches("RTMIN(\\+\\d{1,2})?")) {
            return within(LOWEST_REAL_TIME + offset(name));
        }
        return name.matches("RTMAX(-\\d{1,2})?") ? within(HIGHEST - offset(name)) : OptionalInt.empty();
    }

    private static int offset(String name) {
        String digits = name.substring("RTMIN".length());
        return digits.isEmpty() ? 0 : Integer.parseInt(digits.substring(1));
    }

    private static OptionalInt within(int number) {
        return number < LOWEST_REAL_TIME || number > HIGHEST ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** Whether Linux has a signal of that number. */
    public static boolean exists(int number) {
        return number <= NAMES.size() || number >= LOWEST_REAL_TIME && number <= HIGHEST;
    }
}
