package org.layerbook.engine.golang;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Pattern;

/** Sizes of memory: {@code 512}, {@code 64m}, {@code 1.5 GiB}. Units are powers of 1024. */
public final class ByteSize {
    private static final Pattern SIZE =
            Pattern.compile("\\+?([0-9]+\\.?[0-9]*|\\.[0-9]+) ?(?:([kmgtp])(?:i?b)?|b)?", Pattern.CASE_INSENSITIVE);
    private static final String UNITS = "kmgtp";

    private ByteSize() {}

    /** In bytes; nothing for what is no size. */
    public static Optional<Long> parse(String text) {
        var match = SIZE.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        int power = match.group(2) == null
                ? 0
                : UNITS.indexOf(Character.toLowerCase(match.group(2).charAt(0))) + 1;
        String digits = match.group(1).endsWith(".") ? match.group(1) + "0" : match.group(1);
        var bytes = new BigDecimal(digits).multiply(BigDecimal.valueOf(1024).pow(power));
        return bytes.precision() - bytes.scale() > 18 ? Optional.empty() : Optional.of(bytes.longValue());
    }
}
