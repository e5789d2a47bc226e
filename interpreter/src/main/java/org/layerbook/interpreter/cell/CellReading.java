package org.layerbook.interpreter.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.DockerfileParser;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.interpreter.cell.Mistakes.Advice;

/** One pass over the lines of a cell. Used once. */
final class CellReading {
    private static final Pattern KEYWORD = Pattern.compile("([A-Za-z]+)(\\s.*|)", Pattern.DOTALL);
    private static final Pattern MAGIC = Pattern.compile("%%?([A-Za-z_][\\w-]*)(?:\\s+(.*))?");
    private static final Pattern HELP_AFTER =
            Pattern.compile("((?:sudo )?docker(?: [a-z-]+){0,2}|%{0,2}[\\w-]+)\\s*(\\?{1,2})");
    private static final Pattern HELP_BEFORE = Pattern.compile("(\\?{1,2})\\s*([%\\w -]*)");

    private final List<Line> lines;
    private final List<String> texts;
    private final boolean transcript;
    private final char escape;
    private final Vocabulary vocabulary;
    private final Mistakes mistakes;
    private final List<Entry> entries = new ArrayList<>();
    private boolean shellFallback;
    private boolean sawPrompt;
    private boolean open;

    CellReading(List<Line> lines, boolean transcript, char escape, Vocabulary vocabulary, boolean shellFallback) {
        this.lines = lines;
        this.texts = lines.stream().map(Line::text).toList();
        this.transcript = transcript;
        this.escape = escape;
        this.vocabulary = vocabulary;
        this.shellFallback = shellFallback;
        this.mistakes = new Mistakes(vocabulary);
    }

    List<Entry> entries() {
        return List.copyOf(entries);
    }

    boolean sawPrompt() {
        return sawPrompt;
    }

    /** Whether the text ends inside of something. */
    boolean isOpen() {
        return open;
    }

    CellReading read() {
        int at = 0;
        while (at < lines.size()) {
            Line line = lines.get(at);
            if (line.raw().isBlank()) {
                at++;
            } else if (transcript && (line.prompt() == Prompt.Kind.NONE || isInsideContainer(line) || line.isBlank())) {
                at = output(at);
            } else {
                sawPrompt |= !transcript && Prompt.at(line.raw()).kind() == Prompt.Kind.CERTAIN;
                at = entry(at);
            }
        }
        return this;
    }

    private static boolean isInsideContainer(Line line) {
        return line.prompt() == Prompt.Kind.INSIDE_CONTAINER;
    }

    private int output(int from) {
        int at = from + 1;
        while (at < lines.size() && (lines.get(at).prompt() == Prompt.Kind.NONE || isInsideContainer(lines.get(at)))) {
            at++;
        }
        while (at > from + 1 && lines.get(at - 1).raw().isBlank()) {
            at--;
        }
        entries.add(new Entry.TutorialOutput(range(from, at), text(from, at)));
        return at;
    }

    private int entry(int at) {
        String text = texts.get(at).strip();
        if (text.startsWith("#")) {
            return add(new Entry.Comment(range(at, at + 1), text), at + 1);
        }
        Optional<Entry> help = help(at, text);
        if (help.isPresent()) {
            return add(help.get(), at + 1);
        }
        if (text.startsWith("%%")) {
            return cellMagic(at, text);
        }
        if (text.startsWith("%")) {
            return lineMagic(at, text);
        }
        if (text.startsWith("!")) {
            return hostCommand(at);
        }
        Matcher keyword = KEYWORD.matcher(text);
        if (keyword.matches() && isInstruction(keyword.group(1)) && !Python.isPython(text)) {
            return instruction(at);
        }
        return shellOrMistake(at);
    }

    /** In shell {@code env} and {@code from} are programs. */
    private boolean isInstruction(String word) {
        return Vocabulary.isInstruction(word) && !(shellFallback && !word.equals(word.toUpperCase(Locale.ROOT)));
    }

    private int add(Entry entry, int next) {
        entries.add(entry);
        return next;
    }

    private Optional<Entry> help(int at, String text) {
        Matcher before = HELP_BEFORE.matcher(text);
        if (before.matches()) {
            String topic = before.group(2).strip();
            return Optional.of(new Entry.Help(
                    range(at, at + 1), text, topic, before.group(1).length() > 1));
        }
        Matcher after = HELP_AFTER.matcher(text);
        if (after.matches()) {
            String topic = after.group(1).replaceFirst("^sudo ", "");
            return Optional.of(new Entry.Help(
                    range(at, at + 1), text, topic, after.group(2).length() > 1));
        }
        return Optional.empty();
    }

    private int cellMagic(int at, String text) {
        Matcher matcher = MAGIC.matcher(text);
        int end = lines.size();
        boolean atHead = entries.stream().allMatch(Entry.Comment.class::isInstance);
        if (!matcher.matches()) {
            return mistake(at, at + 1, mistakes.unknownMagic(text));
        }
        if (!vocabulary.cellMagics().contains(matcher.group(1))) {
            return mistake(at, end, mistakes.unknownCellMagic(matcher.group(1)));
        }
        if (!atHead) {
            return mistake(at, end, mistakes.cellMagicNotAtHead(matcher.group(1)));
        }
        String rest = Optional.ofNullable(matcher.group(2)).orElse("");
        String body = String.join("\n", texts.subList(at + 1, end));
        return add(new Entry.CellMagic(range(at, end), text(at, end), matcher.group(1), rest, body, at + 2), end);
    }

    private int lineMagic(int at, String text) {
        Matcher matcher = MAGIC.matcher(text);
        if (!matcher.matches()) {
            return mistake(at, at + 1, mistakes.unknownMagic(text));
        }
        String name = matcher.group(1);
        if (!vocabulary.lineMagics().contains(name)) {
            return mistake(at, at + 1, mistakes.unknownLineMagic(name));
        }
        String rest = Optional.ofNullable(matcher.group(2)).orElse("");
        if (name.equals(CellParser.SHELL_FALLBACK) && !rest.isBlank()) {
            shellFallback = rest.strip().equals("on");
        }
        return add(new Entry.LineMagic(range(at, at + 1), text, name, rest), at + 1);
    }

    /** {@code !} takes its line and what a backslash continues. */
    private int hostCommand(int at) {
        int end = at + 1;
        while (end < lines.size() && texts.get(end - 1).endsWith("\\")) {
            end++;
        }
        open |= end == lines.size() && texts.get(end - 1).endsWith("\\");
        String text = text(at, end);
        String command = text.strip().replaceFirst("^!+\\s*", "");
        ShellText shell = ShellText.read(command, 0);
        Optional<Advice> placeholder = shell.usesDocker() ? mistakes.placeholder(shell) : Optional.empty();
        if (placeholder.isPresent()) {
            return mistake(at, end, placeholder.get().movedBy(text.indexOf(command)));
        }
        if (shell.isDockerCommand() && shell.end() == command.length()) {
            return add(
                    new Entry.DockerCommand(
                            range(at, end), command, shell.simpleCommand().orElseThrow()),
                    end);
        }
        boolean usesDocker = ShellText.readAll(command).stream().anyMatch(ShellText::usesDocker);
        return add(new Entry.HostCommand(range(at, end), text, command, usesDocker), end);
    }

    private int instruction(int at) {
        // A prompt before the keyword becomes blanks, so that columns are those of the cell.
        String rest = " ".repeat(lines.get(at).shift())
                + lines.stream().skip(at).map(line -> line.text() + line.end()).collect(Collectors.joining("\n"));
        DockerfileParser.Extent extent = DockerfileParser.firstInstruction(rest, escape);
        int end = at + Math.clamp(extent.lines(), 1, lines.size() - at);
        // A cell that ends in a backslash runs as it would in a file; what is open only matters to a prompt.
        open |= extent.open();
        while (end > at + 1 && texts.get(end - 1).isBlank() && extent.open()) {
            end--;
        }
        String source = String.join("\n", List.of(rest.split("\n", -1)).subList(0, end - at));
        source = source.substring(0, source.length() - lines.get(end - 1).end().length());
        try {
            var options =
                    DockerfileParser.Options.INSTRUCTIONS.withEscape(escape).startingAt(at + 1);
            Instruction read =
                    DockerfileParser.parse(source, options).instructions().getFirst();
            Optional<Advice> placeholder = read instanceof Instruction.From from
                    ? mistakes.placeholderIn(from.image(), source)
                    : Optional.empty();
            if (placeholder.isPresent()) {
                return mistake(at, end, placeholder.get());
            }
            return add(new Entry.Instruction(range(at, end), source, read, false), end);
        } catch (DockerfileException e) {
            Entry.Mistake.Kind kind = extent.open() ? Entry.Mistake.Kind.INCOMPLETE : Entry.Mistake.Kind.INSTRUCTION;
            entries.add(new Entry.Mistake(range(at, end), source, e.diagnostic(), kind));
            return end;
        }
    }

    private int shellOrMistake(int at) {
        String rest = String.join("\n", texts.subList(at, texts.size()));
        ShellText shell = ShellText.read(rest, 0);
        int end = at + 1 + (int) shell.text().chars().filter(c -> c == '\n').count();
        boolean toTheEnd = end >= lines.size();
        if (!shell.usesDocker() && !shellFallback && !setsVariablesOfDocker(shell, rest)) {
            return mistake(at, at + 1, mistakes.unknown(texts.get(at)));
        }
        open |= toTheEnd && shell.open().isPresent();
        Optional<Advice> placeholder = mistakes.placeholder(shell);
        if (placeholder.isPresent()) {
            return mistake(at, end, placeholder.get());
        }
        if (shell.open().isPresent() && !shell.open().get().equals("line continuation")) {
            var diagnostic = Diagnostic.of(
                    place(at, rest, shell.openAt(), 1),
                    Mistakes.neverClosed(shell.open().get()));
            entries.add(new Entry.Mistake(range(at, end), shell.text(), diagnostic, Entry.Mistake.Kind.INCOMPLETE));
            return end;
        }
        SourceRange range = range(at, end);
        Entry entry = shell.isDockerCommand()
                ? new Entry.DockerCommand(
                        range, shell.text(), shell.simpleCommand().orElseThrow())
                : new Entry.ShellForm(range, shell.text(), shell);
        return add(entry, end);
    }

    /** Variables that a tutorial sets before the docker commands that use them. */
    private static boolean setsVariablesOfDocker(ShellText shell, String rest) {
        if (!shell.setsVariables() || Python.isPython(shell.text())) {
            return false;
        }
        String after = rest.substring(shell.end());
        return ShellText.readAll(after).stream().anyMatch(ShellText::usesDocker);
    }

    private int mistake(int from, int end, Advice advice) {
        String text = text(from, end);
        SourceRange place = advice.place()
                .map(p -> place(from, text, p.start(), p.length()))
                .orElseGet(() -> firstWord(from));
        var diagnostic = new Diagnostic(place, advice.message(), advice.hint());
        entries.add(new Entry.Mistake(range(from, end), text, diagnostic, Entry.Mistake.Kind.CELL));
        return end;
    }

    private SourceRange firstWord(int at) {
        String text = texts.get(at);
        int start = indent(text);
        int end = start;
        while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
            end++;
        }
        return place(at, text, start, end - start);
    }

    /** A part of the text that begins at line {@code at}, as a place in the cell. */
    private SourceRange place(int at, String text, int offset, int length) {
        int from = Math.clamp(offset, 0, text.length());
        int line = at
                + (int) text.substring(0, from).chars().filter(c -> c == '\n').count();
        int column =
                from - (text.lastIndexOf('\n', from - 1) + 1) + lines.get(line).shift() + 1;
        return new SourceRange(line + 1, column, line + 1, column + length);
    }

    private SourceRange range(int from, int end) {
        Line first = lines.get(from);
        Line last = lines.get(end - 1);
        int column = first.shift() + indent(first.text()) + 1;
        return new SourceRange(first.number(), column, last.number(), last.raw().length() + 1);
    }

    private static int indent(String text) {
        return text.length() - text.stripLeading().length();
    }

    private String text(int from, int end) {
        return String.join("\n", texts.subList(from, end));
    }
}
