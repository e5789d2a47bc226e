package org.layerbook.engine.dockerfile.expand;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The pattern of {@code ${x#p}}, {@code ${x%p}} and {@code ${x/p/r}}: {@code *} any characters, {@code ?} one, a backslash
 * takes the meaning from {@code * ? \}. Neither wildcard matches a newline (BuildKit matches with a regular expression's
 * dot). There are no bracket expressions.
 */
final class ShellPattern {
    private static final int ANY = -1;
    private static final int ANY_STRING = -2;

    private final int[] tokens;

    private ShellPattern(int[] tokens) {
        this.tokens = tokens;
    }

    /** @throws IllegalArgumentException a backslash before a character that needs none; the message names it */
    static ShellPattern parse(String text) {
        List<Integer> tokens = new ArrayList<>();
        int[] characters = text.codePoints().toArray();
        for (int at = 0; at < characters.length; at++) {
            int character = characters[at];
            if (character == '*') {
                tokens.add(ANY_STRING);
            } else if (character == '?') {
                tokens.add(ANY);
            } else if (character == '\\') {
                int next = at + 1 < characters.length ? characters[at + 1] : 0xFFFD;
                if (next == '}' || next == '/') {
                    continue; // escaped only for the sake of ${…}
                }
                if (next != '*' && next != '?' && next != '\\') {
                    throw new IllegalArgumentException("invalid escape '\\" + Character.toString(next) + "'");
                }
                tokens.add(next);
                at++;
            } else {
                tokens.add(character);
            }
        }
        return new ShellPattern(tokens.stream().mapToInt(Integer::intValue).toArray());
    }

    String withoutPrefix(String value, boolean longest) {
        int[] characters = value.codePoints().toArray();
        int end = pick(ends(characters, 0), longest);
        return end < 0 ? value : new String(characters, end, characters.length - end);
    }

    String withoutSuffix(String value, boolean longest) {
        String backwards = new ShellPattern(reversed(tokens)).withoutPrefix(reversed(value), longest);
        return reversed(backwards);
    }

    /** The first match replaced by {@code replacement}, taken literally. */
    String replaceFirst(String value, String replacement) {
        int[] characters = value.codePoints().toArray();
        for (int start = 0; start <= characters.length; start++) {
            int end = pick(ends(characters, start), true);
            if (end >= 0) {
                return new String(characters, 0, start)
                        + replacement
                        + new String(characters, end, characters.length - end);
            }
        }
        return value;
    }

    /**
     * Every match replaced. BuildKit hands {@code replacement} to Go's regexp package, which reads {@code $name} in it as a
     * group: {@code $0} is the match, {@code $$} a dollar, any other name nothing.
     */
    String replaceAll(String value, String replacement) {
        int[] characters = value.codePoints().toArray();
        var out = new StringBuilder();
        int copied = 0;
        int lastEnd = -1;
        int start = 0;
        while (start <= characters.length) {
            int end = pick(ends(characters, start), true);
            if (end < 0 || (end == start && end == lastEnd)) {
                start++; // an empty match right behind another one does not count
                continue;
            }
            out.append(new String(characters, copied, start - copied));
            out.append(expandGroups(replacement, new String(characters, start, end - start)));
            copied = end;
            lastEnd = end;
            start = end > start ? end : start + 1;
        }
        return out.append(new String(characters, copied, characters.length - copied))
                .toString();
    }

    private static String expandGroups(String replacement, String match) {
        if (replacement.indexOf('$') < 0) {
            return replacement;
        }
        var out = new StringBuilder();
        int at = 0;
        while (at < replacement.length()) {
            char character = replacement.charAt(at++);
            if (character != '$' || at == replacement.length()) {
                out.append(character);
            } else if (replacement.charAt(at) == '$') {
                out.append('$');
                at++;
            } else {
                boolean braces = replacement.charAt(at) == '{';
                int nameStart = braces ? at + 1 : at;
                int nameEnd = nameStart;
                while (nameEnd < replacement.length() && isNamePart(replacement.charAt(nameEnd))) {
                    nameEnd++;
                }
                boolean closed = !braces || (nameEnd < replacement.length() && replacement.charAt(nameEnd) == '}');
                if (nameEnd == nameStart || !closed) {
                    out.append('$');
                    continue;
                }
                if (replacement.substring(nameStart, nameEnd).equals("0")) {
                    out.append(match);
                }
                at = braces ? nameEnd + 1 : nameEnd;
            }
        }
        return out.toString();
    }

    private static boolean isNamePart(char character) {
        return Character.isLetterOrDigit(character) || character == '_';
    }

    private static int pick(BitSet ends, boolean longest) {
        return longest ? ends.length() - 1 : ends.nextSetBit(0);
    }

    /** Every place where a match that begins at {@code start} can end. */
    private BitSet ends(int[] characters, int start) {
        var places = new BitSet(characters.length + 1);
        places.set(start);
        for (int token : tokens) {
            var next = new BitSet(characters.length + 1);
            for (int place = places.nextSetBit(0); place >= 0; place = places.nextSetBit(place + 1)) {
                if (token == ANY_STRING) {
                    next.set(place);
                    for (int at = place; at < characters.length && characters[at] != '\n' && !next.get(at + 1); at++) {
                        next.set(at + 1);
                    }
                } else if (place < characters.length
                        && (token == ANY ? characters[place] != '\n' : characters[place] == token)) {
                    next.set(place + 1);
                }
            }
            places = next;
        }
        return places;
    }

    private static int[] reversed(int[] values) {
        int[] backwards = new int[values.length];
        for (int at = 0; at < values.length; at++) {
            backwards[at] = values[values.length - 1 - at];
        }
        return backwards;
    }

    private static String reversed(String text) {
        int[] backwards = reversed(text.codePoints().toArray());
        return new String(backwards, 0, backwards.length);
    }
}
