package org.layerbook.interpreter.template;

import java.util.Optional;

/** Number constants as Go writes them. */
final class GoNumbers {
    private GoNumbers() {}

    /**
     * An {@link Integer}, or {@link Long} where it has to be, where it is written as a whole number; else a {@link Double}. Empty when it
     * is no number.
     */
    static Optional<Object> parse(String source) {
        return value(source)
                .map(number ->
                        number instanceof Long whole && whole == whole.intValue() ? (Object) whole.intValue() : number);
    }

    /** What is written whole, and is larger than Go's int. Only to use it is wrong. */
    enum TooLarge {
        NUMBER
    }

    static boolean isTooLarge(String source) {
        return source.matches("[+-]?[1-9][0-9_]{18,}") && parse(source).isEmpty();
    }

    private static Optional<Object> value(String source) {
        String text = source.replace("_", "");
        boolean negative = text.startsWith("-");
        String digits = negative || text.startsWith("+") ? text.substring(1) : text;
        try {
            Optional<Long> whole = whole(digits);
            if (whole.isPresent()) {
                return Optional.of(negative ? -whole.get() : whole.get());
            }
            if (digits.startsWith("0x") || digits.startsWith("0X")) {
                return Optional.empty();
            }
            double value = Double.parseDouble(digits);
            return Optional.of(negative ? -value : value);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> whole(String digits) {
        if (digits.length() > 2 && digits.charAt(0) == '0') {
            String rest = digits.substring(2);
            switch (Character.toLowerCase(digits.charAt(1))) {
                case 'x' -> {
                    return rest.contains(".") ? Optional.empty() : Optional.of(Long.parseLong(rest, 16));
                }
                case 'b' -> {
                    return Optional.of(Long.parseLong(rest, 2));
                }
                case 'o' -> {
                    return Optional.of(Long.parseLong(rest, 8));
                }
                default -> {
                    // A leading zero alone means octal, below.
                }
            }
        }
        if (digits.isEmpty() || !digits.chars().allMatch(Character::isDigit)) {
            return Optional.empty();
        }
        boolean octal = digits.length() > 1 && digits.charAt(0) == '0';
        return Optional.of(Long.parseLong(digits, octal ? 8 : 10));
    }
}
