package org.layerbook.interpreter.cell;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code RUN?}, {@code ?docker build}, {@code %undo??}. */
record HelpRequest(String topic, boolean detailed) {
    private static final Pattern AFTER =
            Pattern.compile("((?:sudo )?docker(?: [a-z-]+){0,2}|%{0,2}[\\w-]+|%%!)\\s*(\\?{1,2})");
    private static final Pattern BEFORE = Pattern.compile("(\\?{1,2})\\s*([%\\w -]*)");

    static Optional<HelpRequest> read(String text) {
        Matcher before = BEFORE.matcher(text);
        if (before.matches()) {
            return Optional.of(
                    new HelpRequest(before.group(2).strip(), before.group(1).length() > 1));
        }
        Matcher after = AFTER.matcher(text);
        return after.matches()
                ? Optional.of(new HelpRequest(
                        after.group(1).replaceFirst("^sudo ", ""),
                        after.group(2).length() > 1))
                : Optional.empty();
    }
}
