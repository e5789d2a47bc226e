package org.layerbook.interpreter.cell;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.interpreter.cell.Diagnostics.Advice;

/** Finds what only Windows understands in a docker command: {@code C:\app}, {@code .\app}, {@code %cd%}. */
final class WindowsNames {
    /** A drive stands in quotes too, but there a single letter after the backslash is a character that cannot be typed. */
    private static final Pattern PATH = Pattern.compile(
            "(?:^|=)(?:[\"']?(?=[A-Za-z]:)|(?![\"']))"
                    + "((?:[A-Za-z]:\\\\(?![abefnrtv0]\\b)|(?:\\.{1,2}|~)\\\\(?=[\\p{L}\\p{N}_.])|\\\\\\\\(?=\\w))[^\"':,\\s]*)");

    private static final Pattern VARIABLE = Pattern.compile("(?:^|=)[\"']?(%[A-Za-z_]\\w+%)");

    private WindowsNames() {}

    static Optional<Advice> in(ShellText shell) {
        if (!shell.isDockerCommand()) {
            return Optional.empty();
        }
        return shell.tokens().stream()
                .flatMap(token -> token instanceof ShellToken.Word(ShellWord word)
                        ? in(word, shell.text()).stream()
                        : Optional.<Advice>empty().stream())
                .findFirst();
    }

    private static Optional<Advice> in(ShellWord word, String text) {
        String raw = text.substring(word.start(), Math.min(word.end(), text.length()));
        Matcher path = PATH.matcher(raw);
        if (path.find()) {
            return Optional.of(advice(
                    path.group(1),
                    "is a Windows path",
                    "write paths like `/home/me/app`; `.` is the session's directory",
                    word.start() + path.start(1)));
        }
        Matcher variable = VARIABLE.matcher(raw);
        return variable.find()
                ? Optional.of(advice(
                        variable.group(1),
                        "is a variable of the Windows command prompt",
                        "write `$NAME`; `$PWD` is the session's directory",
                        word.start() + variable.start(1)))
                : Optional.empty();
    }

    private static Advice advice(String found, String what, String hint, int start) {
        return new Advice(
                "`" + found + "` " + what, Optional.of(hint), Optional.of(new Advice.Place(start, found.length())));
    }
}
