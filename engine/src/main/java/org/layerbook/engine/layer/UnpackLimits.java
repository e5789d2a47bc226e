package org.layerbook.engine.layer;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much an archive that nobody vouches for may come to: a layer that is pulled, loaded or imported, an archive that ADD
 * unpacks, a build context that comes as one. What is beyond is refused before it fills the disk.
 *
 * @param maxBytes of all files of one archive together
 * @param maxEntries members of one archive
 * @param maxRatio bytes that one compressed byte may come to, once more than {@code harmlessBytes} have come
 * @param harmlessBytes that are never too many, however well they were packed
 */
public record UnpackLimits(long maxBytes, long maxEntries, long maxRatio, long harmlessBytes) {
    /** A number of bytes, {@code 200g} for example. */
    public static final String BYTES_VARIABLE = "LAYERBOOK_MAX_UNPACKED";
    /** How many bytes one may come to. */
    public static final String RATIO_VARIABLE = "LAYERBOOK_MAX_UNPACK_RATIO";

    /**
     * 128 GiB, ten million members, and beyond 1 GiB no more than 200 bytes out of one. The files of real layers come to
     * less than 10 bytes out of one; gzip ends at 1032, zstd and xz beyond 10 000.
     */
    public static final UnpackLimits DEFAULT = new UnpackLimits(128L << 30, 10_000_000, 200, 1L << 30);

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})([kmgt]?)(?:i?b)?");

    /**
     * The defaults, or what the user's environment says instead.
     *
     * @throws IllegalArgumentException with a sentence, when a variable does not hold a number
     */
    public static UnpackLimits of(Map<String, String> environment) {
        long bytes = number(environment, BYTES_VARIABLE, DEFAULT.maxBytes);
        long ratio = number(environment, RATIO_VARIABLE, DEFAULT.maxRatio);
        return new UnpackLimits(bytes, DEFAULT.maxEntries, ratio, DEFAULT.harmlessBytes);
    }

    private static long number(Map<String, String> environment, String name, long otherwise) {
        String text = environment.getOrDefault(name, "").strip().toLowerCase(Locale.ROOT);
        if (text.isEmpty()) {
            return otherwise;
        }
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw new IllegalArgumentException("invalid " + name + ": " + text + " (expected a size such as 200g)");
        }
        int shift = matcher.group(2).isEmpty() ? 0 : 10 * ("kmgt".indexOf(matcher.group(2)) + 1);
        long value = Long.parseLong(matcher.group(1));
        return value > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : value << shift;
    }

    /** For the message when there are more bytes. @param what for example {@code the layer's files} */
    public String tooManyBytes(String what) {
        return what + " have more than " + maxBytes + " bytes (set " + BYTES_VARIABLE + " to allow more)";
    }

    /** For the message when there are more members. */
    public String tooManyEntries(String what) {
        return what + " has more than " + maxEntries + " entries";
    }
}
