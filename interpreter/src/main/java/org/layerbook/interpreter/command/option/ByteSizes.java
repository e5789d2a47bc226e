package org.layerbook.interpreter.command.option;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as docker reads them for memory and storage: {@code 64m}, {@code 1.5GB}, {@code 1024}; units are binary. */
final class ByteSizes {
    private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?) ?([kmgtp]?)(?:i?b)?");

    private ByteSizes() {}

    static Optional<Long> parse(String text) {
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int power = matcher.group(2).isEmpty() ? 0 : "kmgtp".indexOf(matcher.group(2)) + 1;
        return Optional.of((long) (Double.parseDouble(matcher.group(1)) * Math.pow(1024, power)));
    }
}
