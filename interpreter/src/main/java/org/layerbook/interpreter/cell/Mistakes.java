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
final class Mistakes {
    private static final Pattern ASSIGNMENT = Pattern.compile("(export\\s+)?([A-Za-z_]\\w*)=(.*)");
    private static final Pattern PROGRAM = Pattern.compile("[a-z0-9_./~][\\w.+/~-]*");
    private static final Pattern PLACEHOLDER = Pattern.compile("<[A-Za-z](?:[\\w .:/-]*[\\w.:/-])?>");
    private static final Pattern PYTHON_VARIABLE = Pattern.compile("(?<![{$])\\{([A-Za-z_]\\w*)}(?!})");
    private static final Pattern CAPITALS =
            Pattern.compile("(?:[a-z0-9.:-]+/)*([A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+)(?:\\[:TAG])?(?:[/:@].*)?");
    private static final Set<String> TAKES_NAMES =
            Set.of("tag", "push", "pull", "rmi", "rm", "history", "inspect", "save", "run");
    private static final Pattern USAGE = Pattern.compile("\\[[A-Z][A-Z_ |-]*(\\.\\.\\.)?\\]");
    /** Commands of docker whose names are first of all programs of every machine. */
    private static final Set<String> ALSO_PROGRAMS =
            Set.of("ps", "top", "kill", "exec", "cp", "wait", "diff", "export", "login", "logout");

    private final Vocabulary vocabulary;

    Mistakes(Vocabulary vocabulary) {
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
        return Advice.of("\"" + text.split("\\s", 2)[0] + "\" is not the name of a magic", "%lsmagic lists them");
    }

    Advice unknownLineMagic(String name) {
        if (vocabulary.cellMagics().contains(name)) {
            return Advice.of(
                    "`%" + name + "` takes a whole cell",
                    "write `%%" + name + "` as the first line of a cell of its own");
        }
        return Advice.of("there is no magic `%" + name + "`", suggestion("%", name, vocabulary.lineMagics()));
    }

    Advice unknownCellMagic(String name) {
        if (vocabulary.lineMagics().contains(name)) {
            return Advice.of("`%" + name + "` is a magic of one line", "write it with one %");
        }
        return Advice.of("there is no magic `%%" + name + "`", suggestion("%%", name, vocabulary.cellMagics()));
    }

    private static String suggestion(String prefix, String name, Collection<String> names) {
        return Nearest.to(name, names)
                .map(near -> "did you mean `" + prefix + near + "`?")
                .orElse("%lsmagic lists those that there are");
    }

    Advice cellMagicNotAtHead(String name) {
        return Advice.of(
                "`%%" + name + "` takes a whole cell, so it must be its first line", "give it a cell of its own");
    }

    static String neverClosed(String what) {
        return switch (what) {
            case "quote" -> "the quote that opens here is never closed";
            case "${", "$(", "backquote" -> "the " + what + " that opens here is never closed";
            case "list of commands" -> "something must follow the last && or |";
            case "compound command" -> "the shell command is not finished: done, fi or a bracket is missing";
            default -> "the " + what + " that begins here is never ended";
        };
    }

    /** {@code <my_tag>} or {@code [OPTIONS]} where a name should stand. */
    Optional<Advice> placeholder(ShellText shell) {
        for (ShellToken token : shell.tokens()) {
            int start = -1;
            Matcher matcher = PLACEHOLDER.matcher(shell.text());
            if (token instanceof ShellToken.Operator(String operator, int at) && operator.equals("<")) {
                start = matcher.find(at) && matcher.start() == at ? at : -1;
            } else if (token instanceof ShellToken.Word(ShellWord word)
                    && word.plain().filter(w -> USAGE.matcher(w).matches()).isPresent()) {
                return Optional.of(placeholder(word.plain().orElseThrow(), word.start()));
            }
            if (start >= 0) {
                return Optional.of(placeholder(matcher.group(), start));
            }
            Optional<Advice> python = token instanceof ShellToken.Word(ShellWord word)
                    ? word.plain().flatMap(text -> pythonVariable(text, word.start()))
                    : Optional.empty();
            if (python.isPresent()) {
                return python;
            }
        }
        return shell.simpleCommand().flatMap(Mistakes::capitals);
    }

    /** {@code {image}} in a command, which IPython puts in. */
    private static Optional<Advice> pythonVariable(String word, int start) {
        Matcher matcher = PYTHON_VARIABLE.matcher(word);
        return matcher.find()
                ? Optional.of(new Advice(
                        "`" + matcher.group() + "` is a Python variable of the notebook it was copied from",
                        Optional.of("`%env " + matcher.group(1)
                                + "=…` sets a variable of this session, which commands have as `$" + matcher.group(1)
                                + "`"),
                        Optional.of(new Advice.Place(
                                start + matcher.start(), matcher.group().length()))))
                : Optional.empty();
    }

    /** {@code IMAGE_ID}, {@code YOUR_USERNAME/app}: as a name of an image, which cannot have capitals. */
    private static Optional<Advice> capitals(List<ShellWord> words) {
        List<String> plain = words.stream().map(word -> word.plain().orElse("")).toList();
        boolean build = plain.stream().limit(3).anyMatch("build"::equals);
        boolean names = plain.stream().limit(3).anyMatch(TAKES_NAMES::contains);
        for (int i = 2; i < words.size(); i++) {
            String before = plain.get(i - 1);
            boolean name = build ? before.equals("-t") || before.equals("--tag") : names && !before.startsWith("-");
            Matcher matcher = CAPITALS.matcher(plain.get(i));
            if (name && matcher.matches()) {
                return Optional.of(placeholder(matcher.group(1), words.get(i).start() + matcher.start(1)));
            }
        }
        return Optional.empty();
    }

    Optional<Advice> placeholderIn(String value, String text) {
        Matcher matcher = PLACEHOLDER.matcher(value);
        return matcher.find()
                ? Optional.of(placeholder(matcher.group(), Math.max(0, text.indexOf(matcher.group()))))
                : Optional.empty();
    }

    private static Advice placeholder(String found, int start) {
        boolean usage = found.startsWith("[");
        String hint = usage ? "leave it out, or put real options in its place" : "put a name of your own in its place";
        return new Advice(
                "`" + found + "` is a placeholder of the text it was copied from",
                Optional.of(hint),
                Optional.of(new Advice.Place(start, found.length())));
    }

    /** A line that begins with nothing this language knows. */
    Advice unknown(String line) {
        String text = line.strip();
        String word = text.split("\\s", 2)[0];
        String rest = text.substring(word.length()).strip();
        if (Python.isPython(text)) {
            return Advice.of(
                    "this looks like Python; a cell here holds Dockerfile instructions, docker commands and magics",
                    "Python runs on this host as `!python3 -c '…'`, in the image as `RUN python3 -c '…'`; a notebook in Python"
                            + " needs a Python kernel");
        }
        if (word.startsWith("@")) {
            return Advice.of(
                    "`" + word + "` names an image, it is not a command", "`docker history " + word + "` shows it");
        }
        Matcher assignment = ASSIGNMENT.matcher(text);
        if (assignment.matches()) {
            String pair = assignment.group(2) + "=" + assignment.group(3);
            return Advice.of(
                    "setting a variable is not an entry of its own",
                    "in the image it is `ENV " + pair + "`, for the host commands of this session `%env " + pair + "`");
        }
        return near(word, rest).orElseGet(() -> command(word));
    }

    private Optional<Advice> near(String word, String rest) {
        String lower = word.toLowerCase(Locale.ROOT);
        String tail = rest.isEmpty() ? "" : rest.length() > 40 || rest.contains("\n") ? " …" : " " + rest;
        if (vocabulary.dockerCommands().contains(lower) && !ALSO_PROGRAMS.contains(lower)) {
            return Optional.of(
                    Advice.of("`" + word + "` is a command of docker", "write `docker " + word + tail + "`"));
        }
        if (vocabulary.lineMagics().contains(word) && rest.isEmpty()) {
            return Optional.of(Advice.of(
                    "`" + word + "` is a magic", "write `%" + word + "`; a program of this host is `!" + word + "`"));
        }
        // A short word is near to too many: `apt` is not ARG, `ls` not `ps`.
        Optional<String> instruction = word.length() < 4 ? Optional.empty() : Nearest.to(word, Vocabulary.INSTRUCTIONS);
        if (instruction.isPresent() && !rest.isEmpty()) {
            return Optional.of(Advice.of(
                    "`" + word + "` is not an instruction", "did you mean `" + instruction.get() + tail + "`?"));
        }
        return Nearest.to(word, ShellText.PROGRAMS)
                .filter(near -> word.length() > 3)
                .map(near ->
                        Advice.of("`" + word + "` is not a program known here", "did you mean `" + near + tail + "`?"));
    }

    private Advice command(String word) {
        if (!PROGRAM.matcher(word).matches()) {
            return Advice.of(
                    "this is not an instruction, a docker command or a magic",
                    "instructions begin with a keyword such as FROM or RUN; %lsmagic lists the magics");
        }
        var hints = new ArrayList<String>(
                List.of("`" + word + "` runs on this host as `!" + word + " …`, in the image as `RUN " + word + " …`"));
        if (vocabulary.lineMagics().contains(word)) {
            hints.addFirst("for this session's own folder and variables there is `%" + word + "`");
        }
        if (vocabulary.dockerCommands().contains(word)) {
            hints.addFirst("docker's is `docker " + word + "`");
        }
        return Advice.of("`" + word + "` is not an instruction, a docker command or a magic", String.join("; ", hints));
    }
}
