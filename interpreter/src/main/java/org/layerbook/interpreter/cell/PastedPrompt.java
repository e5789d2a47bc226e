package org.layerbook.interpreter.cell;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A shell prompt at the head of a line, as it comes along when a tutorial's terminal is pasted.
 *
 * @param length UTF-16 units that it takes, the blank after it included
 * @param shape what stays the same while one shell prompts: the kind of prompt, and who prompts where
 */
record PastedPrompt(Kind kind, int length, String shape) {
    enum Kind {
        NONE,
        /** {@code $ }, {@code user@host:~$ }: a user's shell. Nothing else begins so, and whatever follows is shell. */
        SHELL,
        /** {@code > }, {@code C:\>}, {@code root@host:/# }: a prompt, but what follows need not be for this host. */
        OTHER,
        /** {@code # docker …}: a root prompt or a comment, which the rest of the cell decides. */
        ROOT,
        /** The prompt of a shell or a program inside a container: what was typed there is not for this session. */
        INSIDE_CONTAINER;

        /** Whether it shows by itself that the cell is a pasted terminal session. */
        boolean isCertain() {
            return this == SHELL || this == OTHER;
        }
    }

    private record Form(Kind kind, Pattern pattern) {
        static Form of(Kind kind, String pattern) {
            return new Form(kind, Pattern.compile("\\s*(?:\\([\\w.-]+\\) )?" + pattern));
        }
    }

    /** What a prompt that begins with a letter has in it. */
    private static final Pattern SIGN = Pattern.compile("[@>]|[$#%](\\s|$)");

    private static final PastedPrompt NONE = new PastedPrompt(Kind.NONE, 0, "");
    private static final String CONTAINER_ID = "[0-9a-f]{12}";
    private static final String DOCKER = "(?=(?:sudo )?(?:docker|podman)(?:\\s|$))";
    private static final String USER_AT_HOST = "(?<who>\\[?[\\w.-]+@[\\w.-]+)[: ]?[^\\s$#%]*\\]?";
    private static final String AFTER = "(?:\\s+|$)";

    private static final List<Form> FORMS = List.of(
            Form.of(Kind.INSIDE_CONTAINER, "[\\w.-]+@" + CONTAINER_ID + ":\\S*[#$]" + AFTER),
            Form.of(Kind.INSIDE_CONTAINER, "\\[[\\w.-]+@" + CONTAINER_ID + " [^\\]]*\\][#$]" + AFTER),
            // BusyBox's shell: the folder and # for root. In / there is nobody's home.
            Form.of(Kind.INSIDE_CONTAINER, "(?:~|/)(?:[\\w.-]+/?)* #" + AFTER),
            Form.of(Kind.INSIDE_CONTAINER, "/ \\$" + AFTER),
            Form.of(Kind.INSIDE_CONTAINER, "(?:ba|z|da)?sh-\\d[\\d.]*#" + AFTER + "(?!(?:sudo )?(?:docker|podman)\\s)"),
            Form.of(
                    Kind.INSIDE_CONTAINER,
                    "(?:>>>|mysql>|MariaDB \\[[^\\]]*\\]>|sqlite>|\\w+[=-][#>]|(?:[\\d.]+|localhost|redis):?\\d*>|irb\\([^)]*\\)\\S*>)"
                            + AFTER),
            Form.of(Kind.SHELL, "[$❯]" + AFTER),
            Form.of(Kind.OTHER, ">" + AFTER),
            Form.of(Kind.SHELL, "%\\s+"),
            Form.of(Kind.SHELL, "➜\\s+(?:\\S+\\s+)??(?=(?:sudo |docker|podman))"),
            Form.of(Kind.SHELL, USER_AT_HOST + "\\s?[$%]" + AFTER),
            Form.of(Kind.OTHER, USER_AT_HOST + "\\s?#" + AFTER),
            // host:~/folder$, ~/folder $, bash-3.2$
            Form.of(Kind.SHELL, "(?<who>[\\w.-]+):[~/][^\\s$#%]*\\s?[$%]\\s+"),
            Form.of(Kind.OTHER, "(?<who>[\\w.-]+):[~/][^\\s$#%]*\\s?#\\s+"),
            Form.of(Kind.SHELL, "~?(?:/[\\w.-]+)* ?[$%]\\s+"),
            Form.of(Kind.SHELL, "(?:ba|z|da)?sh-\\d[\\d.]*\\$" + AFTER),
            Form.of(Kind.OTHER, "(?:ba|z|da)?sh-\\d[\\d.]*#" + AFTER),
            Form.of(Kind.OTHER, "(?:PS )?[A-Z]:\\\\[^>]*>\\s*"),
            Form.of(Kind.ROOT, "# " + DOCKER));

    static PastedPrompt at(String line) {
        if (line.isEmpty()
                || Character.isLetter(line.charAt(0)) && !SIGN.matcher(line).find()) {
            return NONE;
        }
        for (int i = 0; i < FORMS.size(); i++) {
            Form form = FORMS.get(i);
            Matcher matcher = form.pattern().matcher(line);
            if (matcher.lookingAt() && matcher.end() > 0) {
                boolean inside = form.kind() == Kind.INSIDE_CONTAINER;
                String who = matcher.namedGroups().containsKey("who") ? matcher.group("who") : "";
                return new PastedPrompt(form.kind(), inside ? 0 : matcher.end(), i + who);
            }
        }
        return NONE;
    }
}
