package org.layerbook.interpreter.view.layout;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Locale;
import org.layerbook.interpreter.template.Sprintf;

/** Sizes, ages and times in docker's notation (docker/go-units and Go's time package). */
public final class DockerUnits {
    /** What Go's zero time is: docker's stand-in for a time that is not known. */
    public static final Instant NO_TIME = Instant.parse("0001-01-01T00:00:00Z");

    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
    private static final String[] BINARY_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"};

    private static final DateTimeFormatter RFC3339 =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssXXX", Locale.ROOT);
    private static final DateTimeFormatter GO_STRING = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendPattern(" xx ")
            .toFormatter(Locale.ROOT);

    private DockerUnits() {}

    /** Three significant digits: {@code 1.98MB}, as tables have it. Rounds 999.6kB to {@code 1e+03kB}, as docker does. */
    public static String size(long bytes) {
        return size(bytes, 3, 1000, UNITS);
    }

    /** Four significant digits: {@code 1.982MB}, as {@code system df} and prune have it. */
    public static String longSize(long bytes) {
        return size(bytes, 4, 1000, UNITS);
    }

    /** Binary units: {@code 7.763GiB}. */
    public static String binarySize(long bytes) {
        return size(bytes, 4, 1024, BINARY_UNITS);
    }

    private static String size(long bytes, int digits, int base, String[] units) {
        double value = bytes;
        int unit = 0;
        while (value >= base && unit < units.length - 1) {
            value /= base;
            unit++;
        }
        return Sprintf.general(value, digits) + units[unit];
    }

    /** {@code 2 minutes}, {@code About an hour}, {@code 3 weeks}. */
    public static String duration(Duration duration) {
        long seconds = duration.getSeconds();
        long minutes = seconds / 60;
        long hours = Math.floorDiv(seconds + 1800, 3600);
        long wholeHours = seconds / 3600;
        if (seconds < 1) {
            return "Less than a second";
        }
        if (seconds < 60) {
            return seconds == 1 ? "1 second" : seconds + " seconds";
        }
        if (minutes < 60) {
            return minutes == 1 ? "About a minute" : minutes + " minutes";
        }
        if (hours < 48) {
            return hours == 1 ? "About an hour" : hours + " hours";
        }
        if (hours < 24 * 7 * 2) {
            return hours / 24 + " days";
        }
        if (hours < 24 * 30 * 2) {
            return hours / 24 / 7 + " weeks";
        }
        return hours < 24 * 365 * 2 ? hours / 24 / 30 + " months" : wholeHours / 24 / 365 + " years";
    }

    /** {@code 2 minutes ago}. */
    public static String ago(Instant then, Instant now) {
        return duration(Duration.between(then, now)) + " ago";
    }

    /** RFC 3339 to the second. */
    public static String rfc3339(Instant time, ZoneId zone) {
        return RFC3339.format(time.atZone(zone));
    }

    /** As Go prints a time: {@code 2026-11-22 18:54:56.28 +0000 UTC}. */
    public static String goTime(Instant time, ZoneId zone) {
        var zoned = time.atZone(zone);
        String name = zoned.getOffset().equals(ZoneOffset.UTC)
                ? "UTC"
                : DateTimeFormatter.ofPattern("zzz", Locale.ROOT).format(zoned);
        return GO_STRING.format(zoned) + name;
    }
}
