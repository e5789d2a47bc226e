package org.layerbook.engine.dockerfile;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The signals of Linux by name, as STOPSIGNAL and {@code docker kill} take them. */
public final class StopSignals {
    /** In the order of their numbers, from 1. */
    private static final List<String> NAMES = List.of(
            "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
            "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
            "WINCH", "IO", "PWR", "SYS");

    private static final int FIRST_REAL_TIME = 34;
    private static final int LAST_REAL_TIME = 64;

    private StopSignals() {}

    /**
     * The number of a signal: a name in any case, with {@code SIG} or without, {@code RTMIN+3}, {@code RTMAX-1}, or a
     * number other than 0, which is not looked into further.
     */
    public static Optional<Integer> number(String text) {
        if (text.matches("[+-]?[0-9]{1,9}")) {
            int number = Integer.parseInt(text);
            return number == 0 ? Optional.empty() : Optional.of(number);
        }
        String upper = text.toUpperCase(Locale.ROOT);
        String name = upper.startsWith("SIG") ? upper.substring(3) : upper;
        int at = NAMES.indexOf(name);
        return switch (name) {
            case "CLD" -> number("CHLD");
            case "IOT" -> number("ABRT");
            case "POLL" -> number("IO");
            case "RTMIN" -> Optional.of(FIRST_REAL_TIME);
            case "RTMAX" -> Optional.of(LAST_REAL_TIME);
            default -> at >= 0 ? Optional.of(at + 1) : realTime(name);
        };
    }

    private static Optional<Integer> realTime(String name) {
        if (!name.matches("RTMIN\\+(?:[1-9]|1[0-5])|RTMAX-(?:[1-9]|1[0-4])")) {
            return Optional.empty();
        }
        int distance = Integer.parseInt(name.substring(6));
        return Optional.of(name.startsWith("RTMIN") ? FIRST_REAL_TIME + distance : LAST_REAL_TIME - distance);
    }
}
