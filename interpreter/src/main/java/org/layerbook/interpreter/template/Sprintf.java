package org.layerbook.interpreter.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.layerbook.engine.golang.GoText;

/** Go's {@code fmt.Sprintf}, with its way of reporting a verb that does not fit inside the text. */
public final class Sprintf {
    private static final Pattern INDEX = Pattern.compile("\\[([1-9]\\d{0,3})]");

    private final String format;
    private final List<Object> arguments;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int next;
    private boolean reordered;

    private Sprintf(String format, List<Object> arguments) {
        this.format = format;
        this.arguments = arguments;
    }

    static String format(String format, List<Object> arguments) {
        var formatter = new Sprintf(format, arguments);
        formatter.run();
        return formatter.out.toString();
    }

    /** @param width -1 when not given; @param precision -1 when not given */
    private record Flags(
            boolean minus, boolean plus, boolean sharp, boolean blank, boolean zero, int width, int precision) {}

    private void run() {
        while (at < format.length()) {
            int percent = format.indexOf('%', at);
            if (percent < 0) {
                out.append(format, at, format.length());
                break;
            }
            out.append(format, at, percent);
            at = percent + 1;
            directive();
        }
        extra();
    }

    private void directive() {
        boolean minus = false;
        boolean plus = false;
        boolean sharp = false;
        boolean blank = false;
        boolean zero = false;
        while (at < format.length() && "-+# 0".indexOf(format.charAt(at)) >= 0) {
            switch (format.charAt(at++)) {
                case '-' -> minus = true;
                case '+' -> plus = true;
                case '#' -> sharp = true;
                case ' ' -> blank = true;
                default -> zero = true;
            }
        }
        argumentIndex();
        int width = number();
        argumentIndex();
        int precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            argumentIndex();
            precision = Math.max(0, number());
            argumentIndex();
        }
        if (at >= format.length()) {
            out.append("%!(NOVERB)");
            return;
        }
        int verb = format.codePointAt(at);
        at += Character.charCount(verb);
        if (verb == '%') {
            out.append('%');
        } else if (next >= arguments.size()) {
            out.append("%!").appendCodePoint(verb).append("(MISSING)");
        } else {
            var flags = new Flags(minus, plus, sharp, blank, zero && !minus, width, precision);
            out.append(verb(verb, flags, arguments.get(next++)));
        }
    }

    private int number() {
        if (at < format.length() && format.charAt(at) == '*' && next < arguments.size()) {
            at++;
            return arguments.get(next++) instanceof Number given ? given.intValue() : -1;
        }
        int start = at;
        while (at < format.length() && Character.isDigit(format.charAt(at)) && at - start < 6) {
            at++;
        }
        return at == start ? -1 : Integer.parseInt(format.substring(start, at));
    }

    /** {@code [2]}: the argument that comes next; then none is left over. */
    private void argumentIndex() {
        Matcher index = INDEX.matcher(format).region(at, format.length());
        if (index.lookingAt()) {
            next = Integer.parseInt(index.group(1)) - 1;
            at = index.end();
            reordered = true;
        }
    }

    private void extra() {
        if (reordered || next >= arguments.size()) {
            return;
        }
        out.append("%!(EXTRA ");
        for (int i = next; i < arguments.size(); i++) {
            Object argument = arguments.get(i);
            out.append(i > next ? ", " : "");
            out.append(
                    argument == null ? "<nil>" : GoValues.typeName(argument) + "=" + GoValues.print(argument, false));
        }
        out.append(')');
    }

    private String verb(int verb, Flags flags, Object value) {
        if (verb == 'T') {
            return pad(GoValues.typeName(value), flags, false);
        }
        if (verb == 'v' && flags.sharp() && value instanceof String text) {
            return pad(GoText.quote(text), flags, false);
        }
        return switch (value) {
            case String text -> text(verb, flags, text);
            case GoScalar number
            when GoRaw.isNumber(number) && "sqxX".indexOf(verb) >= 0 -> text(verb, flags, number.toString());
            case Boolean truth -> verb == 'v' || verb == 't' ? pad(truth.toString(), flags, false) : wrong(verb, value);
            case Integer number -> whole(verb, flags, value, number);
            case Long number -> whole(verb, flags, value, number);
            case Double number -> real(verb, flags, number);
            case List<?> list when verb != 'v' -> list(verb, flags, list);
            case Map<?, ?> map when verb != 'v' -> map(verb, flags, map);
            case null -> verb == 'v' ? pad("<nil>", flags, false) : "%!" + Character.toString(verb) + "(<nil>)";
            default -> verb == 'v' ? pad(GoValues.print(value, flags.plus()), flags, false) : wrong(verb, value);
        };
    }

    private String list(int verb, Flags flags, List<?> list) {
        return list.stream().map(element -> verb(verb, flags, element)).collect(Collectors.joining(" ", "[", "]"));
    }

    private String map(int verb, Flags flags, Map<?, ?> map) {
        return GoValues.sorted(map).entrySet().stream()
                .map(entry -> verb(verb, flags, entry.getKey()) + ":" + verb(verb, flags, entry.getValue()))
                .collect(Collectors.joining(" ", "map[", "]"));
    }

    private static String wrong(int verb, Object value) {
        return "%!" + Character.toString(verb) + "(" + GoValues.typeName(value) + "=" + GoValues.print(value, false)
                + ")";
    }

    private String text(int verb, Flags flags, String value) {
        int points = value.codePointCount(0, value.length());
        String cut = flags.precision() >= 0 && flags.precision() < points
                ? value.substring(0, value.offsetByCodePoints(0, flags.precision()))
                : value;
        return switch (verb) {
            case 'v', 's' -> pad(cut, flags, flags.zero());
            case 'q' -> pad(flags.sharp() && !cut.contains("`") ? "`" + cut + "`" : GoText.quote(cut), flags, false);
            case 'x', 'X' -> {
                String hex =
                        HexFormat.ofDelimiter(flags.blank() ? " " : "").formatHex(cut.getBytes(StandardCharsets.UTF_8));
                yield pad(verb == 'x' ? hex : hex.toUpperCase(Locale.ROOT), flags, false);
            }
            default -> wrong(verb, value);
        };
    }

    private String whole(int verb, Flags flags, Object value, long number) {
        return switch (verb) {
            case 'v', 'd' -> signed(flags, number < 0, Long.toString(Math.abs(number)));
            case 'b' -> signed(flags, number < 0, Long.toBinaryString(Math.abs(number)));
            case 'o' -> signed(flags, number < 0, (flags.sharp() ? "0" : "") + Long.toOctalString(Math.abs(number)));
            case 'O' -> signed(flags, number < 0, "0o" + Long.toOctalString(Math.abs(number)));
            case 'x' -> signed(flags, number < 0, (flags.sharp() ? "0x" : "") + Long.toHexString(Math.abs(number)));
            case 'X' ->
                signed(
                        flags,
                        number < 0,
                        (flags.sharp() ? "0X" : "")
                                + Long.toHexString(Math.abs(number)).toUpperCase(Locale.ROOT));
            case 'c' -> pad(Character.toString((int) number), flags, false);
            case 'q' -> pad(GoText.quoteRune((int) number), flags, false);
            case 'U' -> pad(String.format(Locale.ROOT, "U+%04X", number), flags, false);
            default -> wrong(verb, value);
        };
    }

    private String real(int verb, Flags flags, double value) {
        int precision = flags.precision();
        double size = Math.abs(value);
        String digits = switch (verb) {
            case 'v', 'g' -> general(size, precision);
            case 'G' -> general(size, precision).toUpperCase(Locale.ROOT);
            case 'f', 'F' ->
                new BigDecimal(size)
                        .setScale(precision < 0 ? 6 : precision, RoundingMode.HALF_EVEN)
                        .toPlainString();
            case 'e' -> String.format(Locale.ROOT, "%." + (precision < 0 ? 6 : precision) + "e", size);
            default -> null;
        };
        return digits == null ? wrong(verb, value) : signed(flags, value < 0, digits);
    }

    private String signed(Flags flags, boolean negative, String digits) {
        String sign = negative ? "-" : flags.plus() ? "+" : flags.blank() ? " " : "";
        if (flags.zero() && flags.width() > 0) {
            return sign + "0".repeat(Math.max(0, flags.width() - sign.length() - digits.length())) + digits;
        }
        return pad(sign + digits, flags, false);
    }

    private static String pad(String text, Flags flags, boolean zeros) {
        int missing = flags.width() - text.codePointCount(0, text.length());
        if (missing <= 0) {
            return text;
        }
        String filling = (zeros ? "0" : " ").repeat(missing);
        return flags.minus() ? text + filling : filling + text;
    }

    /**
     * {@code %g}: the shortest digits that give the value back (precision -1; exponents from -5 and 21 on), or
     * {@code precision} digits, trailing zeros left out.
     */
    public static String general(double value, int precision) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal digits = precision < 0
                ? new BigDecimal(Double.toString(value))
                : new BigDecimal(value).round(new MathContext(Math.max(1, precision), RoundingMode.HALF_EVEN));
        digits = digits.stripTrailingZeros();
        int exponent = digits.precision() - digits.scale() - 1;
        int limit = precision < 0 ? 21 : Math.max(1, precision);
        if (exponent >= -4 && exponent < limit) {
            return digits.toPlainString();
        }
        String unscaled = digits.unscaledValue().abs().toString();
        String mantissa = unscaled.length() == 1 ? unscaled : unscaled.charAt(0) + "." + unscaled.substring(1);
        String sign = value < 0 ? "-" : "";
        return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }
}
