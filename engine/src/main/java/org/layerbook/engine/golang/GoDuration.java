package org.layerbook.engine.golang;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Map;

/** Durations as Go writes them: {@code 1m30s}, {@code .5s}, {@code -2h}, {@code 0}. */
public final class GoDuration {
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);
    private static final BigDecimal LONGEST = BigDecimal.valueOf(Long.MAX_VALUE);

    private GoDuration() {}

    /** @throws IllegalArgumentException with Go's sentence */
    public static Duration parse(String text) {
        boolean negative = text.startsWith("-");
        int at = negative || text.startsWith("+") ? 1 : 0;
        if (text.substring(at).equals("0")) {
            return Duration.ZERO;
        }
        if (at == text.length()) {
            throw invalid(text);
        }
        BigDecimal sum = BigDecimal.ZERO;
        while (at < text.length()) {
            int unitStart = endOfNumber(text, at);
            String number = text.substring(at, unitStart);
            if (number.isEmpty() || number.equals(".")) {
                throw invalid(text);
            }
            int unitEnd = unitStart;
            while (unitEnd < text.length() && text.charAt(unitEnd) != '.' && !isDigit(text.charAt(unitEnd))) {
                unitEnd++;
            }
            sum = sum.add(nanos(text, number, text.substring(unitStart, unitEnd)));
            if (sum.compareTo(LONGEST) > 0) {
                throw invalid(text);
            }
            at = unitEnd;
        }
        return Duration.ofNanos(negative ? -sum.longValue() : sum.longValue());
    }

    private static BigDecimal nanos(String text, String number, String unit) {
        if (unit.isEmpty()) {
            throw new IllegalArgumentException("time: missing unit in duration " + GoText.quote(text));
        }
        Long factor = NANOS.get(unit);
        if (factor == null) {
            throw new IllegalArgumentException(
                    "time: unknown unit " + GoText.quote(unit) + " in duration " + GoText.quote(text));
        }
        String digits = number.endsWith(".") ? number + "0" : number;
        return new BigDecimal(digits.startsWith(".") ? "0" + digits : digits)
                .multiply(BigDecimal.valueOf(factor))
                .setScale(0, RoundingMode.DOWN);
    }

    private static int endOfNumber(String text, int from) {
        int at = from;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
        }
        return at;
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    private static IllegalArgumentException invalid(String text) {
        return new IllegalArgumentException("time: invalid duration " + GoText.quote(text));
    }
}
