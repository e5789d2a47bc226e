package org.layerbook.interpreter.command;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.layerbook.engine.oci.Reference;

/**
 * {@code docker images PATTERN}: a name with {@code *}, {@code ?} and {@code [a-z]}, none of which cross a slash (Go's
 * path.Match). It has to match the whole name as docker shows it, with or without the tag.
 */
final class ReferencePattern {
    private final Pattern pattern;

    private ReferencePattern(Pattern pattern) {
        this.pattern = pattern;
    }

    /** Empty when it is malformed. */
    static Optional<ReferencePattern> of(String glob) {
        var regex = new StringBuilder();
        int i = 0;
        while (i < glob.length()) {
            char c = glob.charAt(i++);
            switch (c) {
                case '*' -> regex.append("[^/]*");
                case '?' -> regex.append("[^/]");
                case '[' -> {
                    int end = glob.indexOf(']', i + 1);
                    if (end < 0) {
                        return Optional.empty();
                    }
                    regex.append('[').append(glob, i, end).append(']');
                    i = end + 1;
                }
                case '\\' -> regex.append(i < glob.length() ? Pattern.quote(glob.substring(i, ++i)) : "");
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        try {
            return Optional.of(new ReferencePattern(Pattern.compile(regex.toString())));
        } catch (PatternSyntaxException e) {
            return Optional.empty();
        }
    }

    boolean matches(Reference name) {
        return pattern.matcher(name.familiar()).matches()
                || pattern.matcher(name.familiarName()).matches();
    }
}
