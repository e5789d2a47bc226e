package org.layerbook.engine.golang;

/**
 * A wildcard pattern of COPY and ADD, with the rules of Go's {@code filepath.Match}: {@code *} any characters but
 * {@code /}, {@code ?} one but {@code /}, {@code [a-z]} and {@code [^a-z]} one of a set, a backslash takes the next
 * character as it is. The whole name must match.
 */
public final class GlobPattern {
    private final String pattern;
    private final int[] characters;

    private GlobPattern(String pattern) {
        this.pattern = pattern;
        this.characters = pattern.codePoints().toArray();
    }

    /** @throws IllegalArgumentException "syntax error in pattern": an open bracket, an empty range or a lone backslash */
    public static GlobPattern compile(String pattern) {
        var compiled = new GlobPattern(pattern);
        compiled.checkSyntax();
        return compiled;
    }

    /** Whether {@code path} is a pattern at all. */
    public static boolean hasWildcard(String path) {
        for (int at = 0; at < path.length(); at++) {
            switch (path.charAt(at)) {
                case '\\' -> at++;
                case '*', '?', '[' -> {
                    return true;
                }
                default -> {}
            }
        }
        return false;
    }

    public boolean matches(String name) {
        int[] actual = name.codePoints().toArray();
        int at = 0;
        int inName = 0;
        int afterStar = -1;
        int starTook = 0;
        while (true) {
            if (at < characters.length && characters[at] == '*') {
                afterStar = ++at;
                starTook = inName;
                continue;
            }
            if (at == characters.length && inName == actual.length) {
                return true;
            }
            int next = inName < actual.length && at < characters.length ? afterOne(at, actual[inName]) : -1;
            if (next >= 0) {
                at = next;
                inName++;
                continue;
            }
            // Only the last star can take one more: what an earlier one could reach, it reaches too.
            if (afterStar < 0 || starTook >= actual.length || actual[starTook] == '/') {
                return false;
            }
            at = afterStar;
            inName = ++starTook;
        }
    }

    /** Where the pattern goes on when what stands at {@code at} matches {@code actual}, or -1. */
    private int afterOne(int at, int actual) {
        return switch (characters[at]) {
            case '?' -> actual == '/' ? -1 : at + 1;
            case '[' -> {
                long found = readClass(at, actual);
                yield classMatched(found) ? classEnd(found) : -1;
            }
            case '\\' -> characters[at + 1] == actual ? at + 2 : -1;
            default -> characters[at] == actual ? at + 1 : -1;
        };
    }

    @Override
    public String toString() {
        return pattern;
    }

    private void checkSyntax() {
        for (int at = 0; at < characters.length; at++) {
            if (characters[at] == '\\') {
                at++;
                if (at == characters.length) {
                    throw malformed();
                }
            } else if (characters[at] == '[') {
                at = classEnd(readClass(at, 0)) - 1;
            }
        }
    }

    private static boolean classMatched(long found) {
        return (found & 1) != 0;
    }

    private static int classEnd(long found) {
        return (int) (found >> 1);
    }

    /** Reads the class that begins at {@code at}: where it ends, and in the lowest bit whether {@code actual} is in it. */
    private long readClass(int at, int actual) {
        int place = at + 1;
        boolean negated = place < characters.length && characters[place] == '^';
        if (negated) {
            place++;
        }
        boolean matched = false;
        boolean any = false;
        while (place >= characters.length || characters[place] != ']' || !any) {
            int next = afterClassCharacter(place);
            int low = characters[next - 1];
            int high = low;
            if (next < characters.length && characters[next] == '-') {
                next = afterClassCharacter(next + 1);
                high = characters[next - 1];
            }
            matched |= low <= actual && actual <= high;
            any = true;
            place = next;
        }
        return ((long) (place + 1) << 1) | (matched != negated ? 1 : 0);
    }

    /** Where the text goes on after one character of a class; the character stands just before. */
    private int afterClassCharacter(int at) {
        if (at >= characters.length || characters[at] == '-' || characters[at] == ']') {
            throw malformed();
        }
        int place = characters[at] == '\\' ? at + 1 : at;
        if (place >= characters.length || place + 1 >= characters.length) {
            throw malformed();
        }
        return place + 1;
    }

    private IllegalArgumentException malformed() {
        return new IllegalArgumentException("syntax error in pattern " + GoText.quote(pattern));
    }
}
