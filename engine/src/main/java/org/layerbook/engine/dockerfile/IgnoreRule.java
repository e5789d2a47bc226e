package org.layerbook.engine.dockerfile;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.layerbook.engine.golang.GlobPattern;
import org.layerbook.engine.golang.GoPath;
import org.layerbook.engine.golang.GoText;

/** One rule of {@link IgnorePatterns}, ready to match. */
record IgnoreRule(IgnorePatterns.Rule source, boolean takesBack, String literalStart, Predicate<String> matcher) {

    static IgnoreRule compile(IgnorePatterns.Rule source) {
        String text = source.text();
        boolean takesBack = text.startsWith("!");
        String pattern = GoText.trim(takesBack ? text.substring(1) : text);
        if (takesBack && pattern.isEmpty()) {
            throw new IllegalArgumentException("illegal exclusion pattern: \"!\"");
        }
        String cleaned = GoPath.clean(pattern);
        if (cleaned.length() > 1 && cleaned.startsWith("/")) {
            cleaned = cleaned.substring(1);
        }
        GlobPattern.compile(cleaned); // only for its error: moby refuses what filepath.Match refuses
        return new IgnoreRule(source, takesBack, literalStart(cleaned), matcher(cleaned));
    }

    boolean matches(String path) {
        return matcher.test(path);
    }

    /** Whether a rule with {@code !} can match something below {@code folder}. */
    boolean mayTakeBackInside(String folder) {
        String inside = folder + "/";
        return takesBack && (literalStart.startsWith(inside) || inside.startsWith(literalStart));
    }

    /** What every match of the pattern begins with: all before the first special character. */
    private static String literalStart(String pattern) {
        int at = 0;
        while (at < pattern.length() && "*?[]\\^".indexOf(pattern.charAt(at)) < 0) {
            at++;
        }
        return pattern.substring(0, at);
    }

    private static Predicate<String> matcher(String pattern) {
        if (pattern.equals("**")) {
            return path -> true;
        }
        boolean special = pattern.chars().anyMatch(character -> "*?[]\\".indexOf(character) >= 0);
        if (!special) {
            return pattern::equals;
        }
        String withoutStars = pattern.replace("*", "");
        boolean onlyStars = withoutStars.chars().noneMatch(character -> "?[]\\".indexOf(character) >= 0)
                && withoutStars.length() == pattern.length() - 2;
        if (onlyStars && pattern.startsWith("**")) {
            return suffixMatcher(pattern.substring(2));
        }
        if (onlyStars && pattern.endsWith("**")) {
            return path -> path.startsWith(withoutStars);
        }
        try {
            return Pattern.compile(regex(pattern), Pattern.UNIX_LINES).asMatchPredicate();
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("syntax error in pattern " + GoText.quote(pattern), e);
        }
    }

    /** {@code **}{@code /name} is the name at any depth, {@code **name} whatever ends so. */
    private static Predicate<String> suffixMatcher(String suffix) {
        return path -> path.endsWith(suffix) || (suffix.startsWith("/") && path.equals(suffix.substring(1)));
    }

    private static String regex(String pattern) {
        var regex = new StringBuilder();
        int at = 0;
        boolean inClass = false;
        while (at < pattern.length()) {
            char character = pattern.charAt(at++);
            if (character == '\\' && at < pattern.length()) {
                regex.append(escaped(pattern.charAt(at++)));
            } else if (inClass) {
                inClass = character != ']';
                regex.append(character == '[' || character == '&' ? "\\" + character : String.valueOf(character));
            } else if (character == '*') {
                at = appendStar(regex, pattern, at);
            } else if (character == '?') {
                regex.append("[^/]");
            } else if (character == '[') {
                inClass = true;
                regex.append('[');
            } else {
                regex.append(Pattern.quote(String.valueOf(character)));
            }
        }
        return regex.toString();
    }

    /**
     * moby hands an escaped character to Go's regular expressions with the backslash, where {@code \\b} is the end of a word
     * and {@code \\a} a bell. Letters that mean nothing there are refused.
     */
    private static String escaped(char character) {
        if ("AabBdDfnrsStvwWz".indexOf(character) >= 0) {
            return character == 'v' ? "\\x0b" : character == 's' ? "[\\t\\n\\f\\r ]" : "\\" + character;
        }
        if (Character.isLetterOrDigit(character) && character < 0x80) {
            throw new PatternSyntaxException("invalid escape", "\\" + character, 1);
        }
        return Pattern.quote(String.valueOf(character));
    }

    /** One star stays within a path element; two take any number of elements, the slash behind them included. */
    private static int appendStar(StringBuilder regex, String pattern, int afterStar) {
        if (afterStar == pattern.length() || pattern.charAt(afterStar) != '*') {
            regex.append("[^/]*");
            return afterStar;
        }
        int at = afterStar + 1;
        if (at < pattern.length() && pattern.charAt(at) == '/') {
            at++;
        }
        regex.append(at == pattern.length() ? ".*" : "(?:.*/)?");
        return at;
    }
}
