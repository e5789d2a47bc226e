package org.layerbook.engine.golang;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Text as Go's {@code fmt} writes it: BuildKit's history entries are made so. */
public final class GoFormat {
    private GoFormat() {}

    /** {@code %q} of a list. */
    public static String quoted(List<String> values) {
        return values.stream().map(GoText::quote).collect(Collectors.joining(" ", "[", "]"));
    }

    /** {@code %v} of a list. */
    public static String plain(List<String> values) {
        return "[" + String.join(" ", values) + "]";
    }

    /** {@code time.Duration} as text: {@code 1m30s}, {@code 0s}, {@code 1.5ms}. */
    public static String duration(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        String sign = nanos < 0 ? "-" : "";
        long left = Math.abs(nanos);
        if (left < 1_000) {
            return sign + left + "ns";
        }
        if (left < 1_000_000) {
            return sign + decimal(left, 1_000) + "µs";
        }
        if (left < 1_000_000_000) {
            return sign + decimal(left, 1_000_000) + "ms";
        }
        long minutes = left / 60_000_000_000L;
        String seconds = decimal(left % 60_000_000_000L, 1_000_000_000) + "s";
        if (minutes == 0) {
            return sign + seconds;
        }
        return sign + (minutes >= 60 ? minutes / 60 + "h" : "") + minutes % 60 + "m" + seconds;
    }

    private static String decimal(long value, long unit) {
        String fraction = Long.toString(unit + value % unit).substring(1).replaceAll("0+$", "");
        return value / unit + (fraction.isEmpty() ? "" : "." + fraction);
    }
}
