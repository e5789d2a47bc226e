package org.layerbook.interpreter.view.layout;

import java.time.Duration;
import java.util.Locale;

/** Numbers as Layerbook's own views show them. */
public final class Numbers {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB"};

    private Numbers() {}

    /** {@code 312 B}, {@code 58.1 MB}: decimal units, three digits from kB on, trailing zeros kept so that columns align. */
    public static String size(long bytes) {
        if (bytes < 0) {
            return "−" + size(-bytes);
        }
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        String digits = unit == 0
                ? Long.toString(bytes)
                : String.format(Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value);
        return digits + " " + UNITS[unit];
    }

    /** {@code +47.0 MB} or {@code −11.1 MB}. */
    public static String sizeChange(long bytes) {
        return bytes > 0 ? "+" + size(bytes) : bytes < 0 ? size(bytes) : "±0";
    }

    /** {@code 6.42 s}, {@code 83.1 s}, {@code 4 m 05 s}. */
    public static String time(Duration time) {
        double seconds = time.toMillis() / 1000.0;
        if (seconds < 9.995) {
            return String.format(Locale.ROOT, "%.2f s", seconds);
        }
        if (seconds < 99.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d m %02d s", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d h %02d m", whole / 3600, whole / 60 % 60);
    }

    /** {@code 2,214}. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** {@code 1 layer}, {@code 6 layers}. */
    public static String count(long number, String noun) {
        return count(number, noun, noun + "s");
    }

    /** {@code 1 entry}, {@code 6 entries}. */
    public static String count(long number, String one, String many) {
        return count(number) + " " + (number == 1 ? one : many);
    }

    /** {@code 32,025 bytes}. */
    public static String bytes(long bytes) {
        return count(bytes, "byte");
    }
}
