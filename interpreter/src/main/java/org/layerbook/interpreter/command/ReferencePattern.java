package org.layerbook.interpreter.command;

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

    /** @throws CommandException with docker's sentence, when it is malformed */
    static ReferencePattern of(String glob) throws CommandException {
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
                        throw malformed();
                    }
                    regex.append('[').append(glob, i, end).append(']');
                    i = end + 1;
                }
                case '\\' -> {
                    if (i == glob.length()) {
                        throw malformed();
                    }
                    regex.append(Pattern.quote(glob.substring(i, ++i)));
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        try {
            return new ReferencePattern(Pattern.compile(regex.toString()));
        } catch (PatternSyntaxException e) {
            throw malformed();
        }
    }

    private static CommandException malformed() {
        return new CommandException("Error response from daemon: syntax error in pattern", 1);
    }

    boolean matches(Reference name) {
        return pattern.matcher(name.familiar()).matches()
                || pattern.matcher(name.familiarName()).matches();
    }
}
