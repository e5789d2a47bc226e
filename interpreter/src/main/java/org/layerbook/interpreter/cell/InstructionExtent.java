package org.layerbook.interpreter.cell;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many lines an instruction takes: continuation lines (with comments and blank lines in between, as BuildKit reads
 * them) and the bodies of its heredocs.
 *
 * @param end the line after it, an index into the lines
 * @param open what the text ended inside of
 */
record InstructionExtent(int end, Optional<String> open) {
    private static final Set<String> WITH_HEREDOCS = Set.of("RUN", "COPY", "ADD");
    private static final Pattern HEREDOC = Pattern.compile("\\d*<<(-?)\\s*([^<\\s]+)");

    private record Delimiter(String name, boolean stripTabs) {}

    static InstructionExtent of(List<String> lines, int from, char escape) {
        Pattern continuation =
                Pattern.compile("(^|[^" + Pattern.quote("" + escape) + "])" + Pattern.quote("" + escape) + "[ \\t]*$");
        var logical = new StringBuilder();
        int at = from;
        boolean continued = true;
        while (continued && at < lines.size()) {
            String line = lines.get(at++);
            boolean skipped =
                    at - 1 > from && (line.isBlank() || line.stripLeading().startsWith("#"));
            if (skipped) {
                continue;
            }
            Matcher matcher = continuation.matcher(line);
            continued = matcher.find();
            logical.append(
                    continued
                            ? line.substring(
                                    0, matcher.start() + matcher.group(1).length())
                            : line);
        }
        if (continued) {
            return new InstructionExtent(at, Optional.of("line continuation"));
        }
        return heredocs(logical.toString(), lines, at);
    }

    private static InstructionExtent heredocs(String logical, List<String> lines, int from) {
        Queue<Delimiter> delimiters = delimiters(logical);
        int at = from;
        while (!delimiters.isEmpty()) {
            if (at >= lines.size()) {
                return new InstructionExtent(
                        at, Optional.of("heredoc " + delimiters.peek().name()));
            }
            Delimiter wanted = delimiters.peek();
            String line = lines.get(at++);
            if ((wanted.stripTabs() ? line.replaceFirst("^\t+", "") : line).equals(wanted.name())) {
                delimiters.poll();
            }
        }
        return new InstructionExtent(at, Optional.empty());
    }

    private static Queue<Delimiter> delimiters(String logical) {
        var found = new ArrayDeque<Delimiter>();
        String[] words = logical.strip().split("\\s+", 3);
        String keyword = words[0].toUpperCase(Locale.ROOT);
        if (keyword.equals("ONBUILD") && words.length > 1) {
            keyword = words[1].toUpperCase(Locale.ROOT);
        }
        if (!WITH_HEREDOCS.contains(keyword)) {
            return found;
        }
        for (String word : blankQuoted(logical).split("\\s+")) {
            Matcher matcher = HEREDOC.matcher(word);
            if (matcher.matches()) {
                String name = matcher.group(2).replace("'", "").replace("\"", "");
                if (!name.isEmpty()) {
                    found.add(new Delimiter(name, !matcher.group(1).isEmpty()));
                }
            }
        }
        return found;
    }

    /** The line with blanks inside quotes made into dots, so that splitting at blanks gives its words. */
    private static String blankQuoted(String logical) {
        var text = new StringBuilder(logical);
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && c == '\\') {
                i++;
            } else if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            } else if (quote != 0 && Character.isWhitespace(c)) {
                text.setCharAt(i, '.');
            }
        }
        return text.toString();
    }
}
