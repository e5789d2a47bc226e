package org.layerbook.engine.build;

import java.util.Locale;
import java.util.Set;

/** Which words STOPSIGNAL takes: a number that is not 0, or a name of Linux, with or without {@code SIG}, in any case. */
final class StopSignals {
    private static final Set<String> NAMES = Set.of(
            "ABRT", "ALRM", "BUS", "CHLD", "CLD", "CONT", "FPE", "HUP", "ILL", "INT", "IO", "IOT", "KILL", "PIPE",
            "POLL", "PROF", "PWR", "QUIT", "SEGV", "STKFLT", "STOP", "SYS", "TERM", "TRAP", "TSTP", "TTIN", "TTOU",
            "URG", "USR1", "USR2", "VTALRM", "WINCH", "XCPU", "XFSZ", "RTMIN", "RTMAX");

    private StopSignals() {}

    static boolean isSignal(String word) {
        if (word.matches("[+-]?[0-9]+")) {
            return !word.matches("[+-]?0+");
        }
        String name = word.toUpperCase(Locale.ROOT);
        name = name.startsWith("SIG") ? name.substring(3) : name;
        return NAMES.contains(name) || name.matches("RTMIN\\+([1-9]|1[0-5])|RTMAX-([1-9]|1[0-4])");
    }
}
