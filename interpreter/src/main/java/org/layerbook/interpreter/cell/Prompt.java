package org.layerbook.interpreter.cell;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A shell prompt at the head of a line, as it comes along when a tutorial's terminal is pasted.
 *
 * @param length UTF-16 units that it takes, the blank after it included
 */
record Prompt(Kind kind, int length) {
    enum Kind {
        NONE,
        /** {@code $ }, {@code > }, {@code user@host:~$ }: nothing else in a cell begins so. */
        CERTAIN,
        /** {@code # docker …}: a root prompt or a comment, which the rest of the cell decides. */
        ROOT,
        /** The prompt of a shell inside a container: what was typed there is not for this session. */
        INSIDE_CONTAINER
    }

    /** What a prompt that begins with a letter has in it. */
    private static final Pattern SIGN = Pattern.compile("[@>]|[$#%]\\s");

    private static final Prompt NONE = new Prompt(Kind.NONE, 0);
    private static final String USER_AT_HOST = "\\[?[\\w.-]+@[\\w.-]+[: ]?[^\\s$#%]*\\]?";
    private static final Pattern CONTAINER = Pattern.compile("\\s*[\\w.-]+@[0-9a-f]{12}:\\S*[#$](\\s+|$)");
    private static final Pattern ROOT = Pattern.compile("\\s*# (?=(sudo )?(docker|podman)(\\s|$))");
    private static final List<Pattern> CERTAIN = List.of(
            Pattern.compile("\\s*[$>❯](\\s+|$)"),
            Pattern.compile("\\s*%\\s+"),
            Pattern.compile("\\s*➜\\s+(?:\\S+\\s+)??(?=(?:sudo |docker|podman))"),
            Pattern.compile("\\s*(?:\\([\\w.-]+\\) )?" + USER_AT_HOST + "\\s?[$#%](\\s+|$)"),
            // host:~/folder$, ~/folder $, bash-3.2$
            Pattern.compile("\\s*[\\w.-]+:[~/][^\\s$#%]*\\s?[$#%]\\s+"),
            Pattern.compile("\\s*~?(?:/[\\w.-]+)* ?[$%]\\s+"),
            Pattern.compile("\\s*(?:ba|z|da)?sh-\\d[\\d.]*[$#]\\s+"),
            Pattern.compile("\\s*(PS )?[A-Z]:\\\\[^>]*>\\s*"));

    static Prompt at(String line) {
        if (line.isEmpty()
                || Character.isLetter(line.charAt(0)) && !SIGN.matcher(line).find()) {
            return NONE;
        }
        if (find(CONTAINER, line) > 0) {
            return new Prompt(Kind.INSIDE_CONTAINER, 0);
        }
        for (Pattern pattern : CERTAIN) {
            int length = find(pattern, line);
            if (length > 0) {
                return new Prompt(Kind.CERTAIN, length);
            }
        }
        int root = find(ROOT, line);
        return root > 0 ? new Prompt(Kind.ROOT, root) : NONE;
    }

    private static int find(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.lookingAt() ? matcher.end() : 0;
    }
}
