package org.layerbook.interpreter.command.option;

import java.util.Set;
import org.layerbook.engine.sandbox.ProcessSpec.Ulimit;

/** Reads {@code --ulimit}: {@code TYPE=SOFT[:HARD]}, -1 for no limit. */
public final class Ulimits {
    private static final Set<String> TYPES = Set.of(
            "core",
            "cpu",
            "data",
            "fsize",
            "locks",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack");

    private Ulimits() {}

    /** @throws IllegalArgumentException with docker's sentence */
    public static Ulimit parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("invalid ulimit argument: " + text);
        }
        String type = text.substring(0, equals);
        if (!TYPES.contains(type)) {
            throw new IllegalArgumentException("invalid ulimit type: " + type);
        }
        String limits = text.substring(equals + 1);
        String[] parts = limits.split(":", -1);
        if (parts.length > 2) {
            throw new IllegalArgumentException(
                    "too many limit value arguments - " + limits + ", can only have up to two, `soft[:hard]`");
        }
        long hard = number(parts[parts.length - 1]);
        long soft = number(parts[0]);
        String problem = "ulimit soft limit must be less than or equal to hard limit: ";
        if (hard != Ulimit.UNLIMITED && soft == Ulimit.UNLIMITED) {
            throw new IllegalArgumentException(problem + "soft: -1 (unlimited), hard: " + hard);
        }
        if (hard != Ulimit.UNLIMITED && soft > hard) {
            throw new IllegalArgumentException(problem + soft + " > " + hard);
        }
        return new Ulimit(type, soft, hard);
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("strconv.ParseInt: parsing \"" + text + "\": invalid syntax");
        }
    }
}
