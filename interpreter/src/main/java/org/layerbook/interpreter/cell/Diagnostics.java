package org.layerbook.interpreter.cell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What to say about text that is no entry: what it is, and the nearest thing that would have worked. */
final class Diagnostics {
    private static final Pattern ASSIGNMENT = Pattern.compile("(export\\s+)?([A-Za-z_]\\w*)=(.*)");
    private static final Pattern GLUED = Pattern.compile("([A-Z]+)(\\[.*)");
    private static final Pattern PROGRAM = Pattern.compile("[a-z0-9_./~][\\w.+/~-]*");
    /** Commands of docker whose names are first of all programs of every machine. */
    private static final Set<String> ALSO_PROGRAMS =
            Set.of("ps", "top", "kill", "exec", "cp", "wait", "diff", "export", "login", "logout");

    private final Vocabulary vocabulary;

    Diagnostics(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /** @param start where in the entry's text it is about something, @param length of that; none: its first word */
    record Advice(String message, Optional<String> hint, Optional<Place> place) {
        record Place(int start, int length) {}

        /** The same, of a text that has so much before it. */
        Advice movedBy(int characters) {
            return new Advice(message, hint, place.map(p -> new Place(p.start() + characters, p.length())));
        }

        static Advice of(String message, String hint) {
            return new Advice(message, Optional.of(hint), Optional.empty());
        }
    }

    Advice unknownMagic(String text) {
        return Advice.of("\"" + text.split("\\s", 2)[0] + "\" is not a magic", "%lsmagic lists the magics");
    }

    /** @param rest what stands behind it */
    Advice unknownLineMagic(String name, String rest) {
        if (vocabulary.cellMagics().contains(name)) {
            return Advice.of(
                    "`%" + name + "` is a cell magic", "write `%%" + name + "` on the first line of a cell of its own");
        }
        return Advice.of(
                "there is no magic `%" + name + "`",
                ForeignMagics.line(name, rest).orElseGet(() -> suggestion("%", name, vocabulary.lineMagics())));
    }

    Advice unknownCellMagic(String name) {
        if (vocabulary.lineMagics().contains(name)) {
            return Advice.of("`%" + name + "` is a line magic", "write it with one %");
        }
        return Advice.of(
                "there is no magic `%%" + name + "`",
                ForeignMagics.cell(name).orElseGet(() -> suggestion("%%", name, vocabulary.cellMagics())));
    }

    private static String suggestion(String prefix, String name, Collection<String> names) {
        return Nearest.to(name, names)
                .map(near -> "did you mean `" + prefix + near + "`?")
                .orElse("%lsmagic lists the magics");
    }

    Advice cellMagicNotAtHead(String name) {
        return Advice.of("`%%" + name + "` must be on the first line of a cell", "move it to a cell of its own");
    }

    static String neverClosed(String what) {
        return switch (what) {
            case "quote" -> "unterminated quote";
            case "${", "$(", "backquote" -> "unterminated " + what;
            case "list of commands" -> "a command must follow the last && or |";
            case "compound command" -> "incomplete shell command: done, fi or a bracket is missing";
            default -> "unterminated " + what;
        };
    }

    /** What stands in a command and cannot be meant: a placeholder, a path of another system. */
    Optional<Advice> misplaced(ShellText shell, boolean afterBang) {
        Optional<Advice> placeholder = Placeholders.in(shell, afterBang);
        return placeholder.isPresent() ? placeholder : WindowsNames.in(shell);
    }

    /** A line that begins with nothing this language knows. @param at which of the cell's lines, from 0 */
    Advice unknown(List<String> cell, int at) {
        String text = cell.get(at).strip();
        return ForeignText.recognise(cell, at).orElseGet(() -> unknown(text, cell.subList(at, cell.size())));
    }

    /** @param following the line and those after it */
    private Advice unknown(String text, List<String> following) {
        String word = text.split("\\s", 2)[0];
        String rest = text.substring(word.length()).strip();
        if (Python.isPython(following)) {
            return Advice.of(
                    "this looks like Python; a cell contains Dockerfile instructions, docker commands and magics",
                    "run Python on this host with `!python3 -c '…'`, in the image with `RUN python3 -c '…'`; a"
                            + " Python notebook needs a Python kernel");
        }
        if (word.startsWith("@")) {
            return Advice.of("`" + word + "` is an image, not a command", "`docker history " + word + "` shows it");
        }
        Matcher glued = GLUED.matcher(text);
        if (glued.matches() && Vocabulary.INSTRUCTIONS.contains(glued.group(1))) {
            return Advice.of(
                    "`" + glued.group(1) + "` needs a space before the bracket",
                    "write `" + glued.group(1) + " " + glued.group(2) + "`");
        }
        Matcher assignment = ASSIGNMENT.matcher(text);
        if (assignment.matches()) {
            String pair = assignment.group(2) + "=" + assignment.group(3);
            return Advice.of(
                    "a variable assignment is not a command",
                    "in the image, write `ENV " + pair + "`; for host commands, write `%env " + pair + "`");
        }
        return near(word, rest).orElseGet(() -> command(word));
    }

    private Optional<Advice> near(String word, String rest) {
        String lower = word.toLowerCase(Locale.ROOT);
        String tail = rest.isEmpty() ? "" : rest.length() > 40 || rest.contains("\n") ? " …" : " " + rest;
        if (vocabulary.dockerCommands().contains(lower) && !ALSO_PROGRAMS.contains(lower) && isSmall(word)) {
            return Optional.of(Advice.of("`" + word + "` is a docker command", "write `docker " + word + tail + "`"));
        }
        if (vocabulary.lineMagics().contains(word) && rest.isEmpty()) {
            return Optional.of(Advice.of(
                    "`" + word + "` is a magic",
                    "write `%" + word + "`; to run the program on this host, write" + " `!" + word + "`"));
        }
        // A short word is near to too many: `apt` is not ARG, `ls` not `ps`.
        Optional<String> instruction = word.length() < 4 ? Optional.empty() : Nearest.to(word, Vocabulary.INSTRUCTIONS);
        if (instruction.isPresent() && !rest.isEmpty()) {
            return Optional.of(Advice.of(
                    "`" + word + "` is not an instruction", "did you mean `" + instruction.get() + tail + "`?"));
        }
        return Nearest.to(word, ShellText.PROGRAMS)
                .filter(near -> word.length() > 3)
                .map(near -> Advice.of("unknown program `" + word + "`", "did you mean `" + near + tail + "`?"));
    }

    /** A word in capitals is a heading or an instruction, not a command of docker. */
    private static boolean isSmall(String word) {
        return word.length() < 2 || !word.equals(word.toUpperCase(Locale.ROOT));
    }

    private Advice command(String word) {
        if (!PROGRAM.matcher(word).matches()) {
            return Advice.of(
                    "this is not an instruction, a docker command or a magic",
                    "instructions start with a keyword such as FROM or RUN; %lsmagic lists the magics");
        }
        var hints = new ArrayList<String>(
                List.of("`" + word + "` runs on this host as `!" + word + " …`, in the image as `RUN " + word + " …`"));
        if (vocabulary.lineMagics().contains(word)) {
            hints.addFirst("the magic for this session is `%" + word + "`");
        }
        if (vocabulary.dockerCommands().contains(word)) {
            hints.addFirst("the docker command is `docker " + word + "`");
        }
        return Advice.of("`" + word + "` is not an instruction, a docker command or a magic", String.join("; ", hints));
    }
}
