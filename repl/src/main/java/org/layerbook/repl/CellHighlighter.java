package org.layerbook.repl;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/** Colours a cell while it is typed: each kind of step in the colour it has in the step table. */
final class CellHighlighter implements Highlighter {
    private static final AttributedStyle RUN = AttributedStyle.BOLD.foreground(AttributedStyle.YELLOW);
    private static final AttributedStyle COPY = AttributedStyle.BOLD.foreground(AttributedStyle.BLUE);
    private static final AttributedStyle OTHER = AttributedStyle.BOLD;
    private static final AttributedStyle COMMAND = AttributedStyle.BOLD.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle MAGIC = AttributedStyle.BOLD.foreground(AttributedStyle.MAGENTA);
    private static final AttributedStyle COMMENT = AttributedStyle.DEFAULT.faint();
    private static final AttributedStyle VARIABLE = AttributedStyle.DEFAULT.foreground(AttributedStyle.GREEN);

    /** The first word of each line, comments, variables; what a continued line begins with is its own. */
    private static final Pattern TOKEN = Pattern.compile("(?m)^[ \\t]*(?<comment>#.*)"
            + "|(?<!\\\\\\n)^[ \\t]*(?<first>%%?\\w[\\w-]*|!|[A-Za-z]+)(?=\\s|$|\\b)"
            + "|(?<variable>\\$(?:\\{[^}\\n]*\\}|\\w+))"
            + "|(?<flag>(?<=\\s)--?[a-zA-Z][\\w-]*)"
            + "|(?<reference>(?<=\\s)@[\\w\\[\\]/.-]*)");

    @Override
    public AttributedString highlight(LineReader reader, String buffer) {
        var styled = new AttributedStringBuilder(buffer.length());
        Matcher m = TOKEN.matcher(buffer);
        int end = 0;
        while (m.find()) {
            String group = group(m);
            styled.append(buffer, end, m.start(group));
            styled.styled(style(group, m.group(group)), m.group(group));
            end = m.end(group);
        }
        return styled.append(buffer, end, buffer.length()).toAttributedString();
    }

    private static String group(Matcher m) {
        for (String name : new String[] {"comment", "first", "variable", "flag"}) {
            if (m.group(name) != null) {
                return name;
            }
        }
        return "reference";
    }

    private static AttributedStyle style(String group, String text) {
        return switch (group) {
            case "comment" -> COMMENT;
            case "variable" -> VARIABLE;
            case "flag" -> AttributedStyle.DEFAULT.foreground(AttributedStyle.CYAN);
            case "reference" -> MAGIC;
            default -> firstWord(text);
        };
    }

    private static AttributedStyle firstWord(String word) {
        if (word.startsWith("%") || word.equals("!")) {
            return MAGIC;
        }
        return switch (word.toUpperCase(java.util.Locale.ROOT)) {
            case "RUN" -> RUN;
            case "COPY", "ADD" -> COPY;
            case "FROM",
                    "ARG",
                    "ENV",
                    "LABEL",
                    "WORKDIR",
                    "USER",
                    "EXPOSE",
                    "VOLUME",
                    "CMD",
                    "ENTRYPOINT",
                    "SHELL",
                    "STOPSIGNAL",
                    "HEALTHCHECK",
                    "ONBUILD",
                    "MAINTAINER" -> OTHER;
            case "DOCKER", "SUDO", "PODMAN", "HADOLINT" -> COMMAND;
            default -> AttributedStyle.DEFAULT;
        };
    }
}
