package org.layerbook.interpreter.cell;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.interpreter.cell.Diagnostics.Advice;

/** Finds what a text has for its reader to replace: {@code <my_tag>}, {@code [image]}, {@code {name}}, in any alphabet. */
final class Placeholders {
    private static final String WORD = "[\\p{L}\\p{N}_][\\p{L}\\p{M}\\p{N}_ ./'’-]*";

    /** Redirections are not it: {@code <in >out} has a blank before the second sign, and a file after it. */
    private static final Pattern ANGLES = Pattern.compile("<(?=[^<>\n]*\\p{L})"
            + "(?:[\\p{L}\\p{N}_\\[{'\"][^<>|;&$`\n]*(?<!\\s)>|[\\p{L}\\p{N}_]>|\\s+[^<>|;&$`\n]*>(?=\\s*(?:$|\n)))");

    /** After a name or a bracket it would be an index, and before a star a pattern of file names. */
    private static final Pattern BRACKETS = Pattern.compile("(?<![\\p{L}\\p{N}_@)\\]}.*?\\[])"
            + "\\[(?!\\p{L}-\\p{L}\\])((?:[:@]|--?)?" + WORD + "(?:[|=]" + WORD + ")*)(?<!\\s)(?:\\.{2,3}|…)?\\]"
            + "(?![\\p{L}\\p{N}_*?\\[])");

    /** What can be left out stands behind a name too: {@code IMAGE[:TAG]}. */
    private static final Pattern OPTIONAL_PART = Pattern.compile("\\[([:@]\\p{L}[\\w|:@]*)\\]");

    private static final Pattern BRACES =
            Pattern.compile("(?<![{$%\\p{L}\\p{N}_])\\{(\\p{L}[\\p{L}\\p{M}\\p{N}_ -]*)}(?!})");
    private static final Pattern VARIABLE = Pattern.compile("(?<![{$])\\{([\\p{L}_][\\p{L}\\p{M}\\p{N}_]*)}(?!})");
    private static final Pattern CAPITALS =
            Pattern.compile("(?:[a-z0-9.:-]+/)*([A-Z][A-Z0-9]*(?:[_-][A-Z0-9]+)+)(?:\\[:TAG])?(?:[/:@].*)?");
    private static final Set<String> TAKES_NAMES =
            Set.of("tag", "push", "pull", "rmi", "rm", "history", "inspect", "save", "run");

    /** What usage calls the parts that may be missing. */
    private static final Pattern OPTIONS = Pattern.compile(
            "(?:[:@-].*|.*[|=].*|options?|args?|arguments?|flags?|switches|parameters?|params?|cmd|commands?"
                    + "|optionen|opciones|opções|opzioni|опции|параметры|параметри|选项|選項|参数|オプション|옵션)");

    private Placeholders() {}

    /** Commands after whose image stands a command of its own, with whatever in quotes. */
    private static final Set<String> RUNS = Set.of("run", "exec", "create", "commit", "compose");

    /** @param afterBang in IPython, braces after {@code !} hold a variable */
    static Optional<Advice> in(ShellText shell, boolean afterBang) {
        Optional<String> command = Optional.empty();
        for (ShellToken token : shell.tokens()) {
            Optional<Advice> found = Optional.empty();
            switch (token) {
                case ShellToken.Operator(String operator, int at)
                when operator.equals("<") ->
                    found = at(ANGLES, shell.text(), at, at + 1).map(Placeholders::advice);
                case ShellToken.Operator operator when !operator.isRedirection() -> command = Optional.empty();
                case ShellToken.LineEnd end -> command = Optional.empty();
                case ShellToken.Word(ShellWord word) -> {
                    String plain = word.plain().orElse("");
                    if (command.isEmpty()) {
                        command = ShellText.PROGRAMS.contains(plain) ? Optional.of("") : command;
                    } else {
                        found = in(word, shell.text(), afterBang, !RUNS.contains(command.get()));
                        command = Optional.of(command.get().isEmpty() ? plain : command.get());
                    }
                }
                default -> {}
            }
            if (found.isPresent()) {
                return found;
            }
        }
        return shell.simpleCommand().flatMap(Placeholders::capitals);
    }

    /** @param value a word of an instruction; @param text the instruction */
    static Optional<Advice> in(String value, String text) {
        for (Pattern pattern : List.of(ANGLES, BRACKETS, BRACES)) {
            Matcher matcher = pattern.matcher(value);
            if (matcher.find()) {
                return Optional.of(advice(new Found(matcher.group(), Math.max(0, text.indexOf(matcher.group())))));
            }
        }
        return Optional.empty();
    }

    private record Found(String text, int start) {}

    /** The first place of a pattern that begins in a part of the text. */
    private static Optional<Found> at(Pattern pattern, String text, int from, int to) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find(from) && matcher.start() < to
                ? Optional.of(new Found(matcher.group(), matcher.start()))
                : Optional.empty();
    }

    private static Optional<Advice> in(ShellWord word, String text, boolean afterBang, boolean quoted) {
        if (word.plain().isEmpty()) {
            // In quotes only what is nothing else.
            return word.constant()
                    .filter(value -> quoted && ANGLES.matcher(value).matches())
                    .map(value -> advice(new Found(value, Math.max(0, text.indexOf(value, word.start())))));
        }
        if (afterBang) {
            Optional<Advice> python =
                    at(VARIABLE, text, word.start(), word.end()).map(Placeholders::pythonVariable);
            if (python.isPresent()) {
                return python;
            }
        }
        return at(BRACKETS, text, word.start(), word.end())
                .or(() -> at(OPTIONAL_PART, text, word.start(), word.end()))
                .filter(found -> found.text().codePointCount(0, found.text().length()) > 3)
                .or(() -> at(BRACES, text, word.start(), word.end()))
                .map(Placeholders::advice);
    }

    /** {@code {image}} in a command, which IPython puts in. */
    private static Advice pythonVariable(Found found) {
        String name = found.text().substring(1, found.text().length() - 1);
        return new Advice(
                "`" + found.text() + "` is a Python variable of the original notebook",
                Optional.of("set a session variable with `%env " + name + "=…` and write `$" + name + "`"),
                Optional.of(new Advice.Place(found.start(), found.text().length())));
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
                return Optional.of(
                        advice(new Found(matcher.group(1), words.get(i).start() + matcher.start(1))));
            }
        }
        return Optional.empty();
    }

    private static Advice advice(Found found) {
        String inner =
                found.text().replaceAll("^[\\[<{\\s]+|[\\]>}.…\\s]+$", "").toLowerCase(Locale.ROOT);
        boolean usage = found.text().startsWith("[") && OPTIONS.matcher(inner).matches();
        return new Advice(
                "`" + found.text() + "` is a placeholder",
                Optional.of(
                        usage ? "remove it, or replace it with real options" : "replace it with a name of your own"),
                Optional.of(new Advice.Place(found.start(), found.text().length())));
    }
}
