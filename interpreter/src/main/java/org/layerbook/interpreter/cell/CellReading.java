package org.layerbook.interpreter.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.interpreter.cell.Diagnostics.Advice;

/** One pass over the lines of a cell. Used once. */
final class CellReading {
    private static final Pattern KEYWORD = Pattern.compile("([A-Za-z]+)(\\s.*|)", Pattern.DOTALL);
    private static final Pattern MAGIC = Pattern.compile("%%?([A-Za-z_][\\w-]*)(?:\\s+(.*))?");
    private static final Pattern CELL_MAGIC = Pattern.compile("%%([A-Za-z_][\\w-]*|!)(?:\\s+(.*))?");
    /** What begins an entry beyond doubt, in the middle of output. */
    private static final Pattern COMMAND =
            Pattern.compile("\\s*(?:(?:sudo )?(?:docker|docker-compose|podman) \\S.*|[!%]\\S.*)");

    private final CellText lines;
    private final boolean transcript;
    private final char escape;
    private final Vocabulary vocabulary;
    private final Diagnostics mistakes;
    private final List<Entry> entries = new ArrayList<>();
    private boolean shellFallback;
    private boolean sawPrompt;
    private boolean open;

    CellReading(List<Line> lines, boolean transcript, char escape, Vocabulary vocabulary, boolean shellFallback) {
        this.lines = CellText.of(lines);
        this.transcript = transcript;
        this.escape = escape;
        this.vocabulary = vocabulary;
        this.shellFallback = shellFallback;
        this.mistakes = new Diagnostics(vocabulary);
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
            Line line = lines.line(at);
            PastedPrompt.Kind prompt = transcript
                    ? PastedPrompt.Kind.NONE
                    : PastedPrompt.at(line.raw()).kind();
            if (line.raw().isBlank()) {
                at++;
            } else if (line.output() || transcript && line.isBlank()) {
                at = output(at, endOfOutput(at));
            } else if (prompt == PastedPrompt.Kind.INSIDE_CONTAINER) {
                at = output(at, endOfContainer(at));
            } else if (DockerOutput.isHead(line.text())) {
                at = output(at, at + 1 + DockerOutput.rows(lines.texts().subList(at, lines.size())));
            } else {
                sawPrompt |= prompt.isCertain();
                at = entry(at);
            }
        }
        return this;
    }

    /** @param end exclusive; blank lines before it stay outside */
    private int output(int from, int end) {
        int at = end;
        while (at > from + 1 && lines.line(at - 1).raw().isBlank()) {
            at--;
        }
        entries.add(new Entry.TutorialOutput(lines.range(from, at), lines.text(from, at)));
        return at;
    }

    private int endOfOutput(int from) {
        int at = from + 1;
        while (at < lines.size() && lines.line(at).output()) {
            at++;
        }
        return at;
    }

    /** What was typed and printed in a container, up to something that can only be for this session. */
    private int endOfContainer(int from) {
        int at = from + 1;
        while (at < lines.size()) {
            String text = lines.text(at);
            Matcher keyword = KEYWORD.matcher(text);
            boolean instruction = lines.text(at - 1).isBlank()
                    && keyword.matches()
                    && Vocabulary.INSTRUCTIONS.contains(keyword.group(1));
            if (instruction
                    || COMMAND.matcher(text).matches()
                    || PastedPrompt.at(text).kind().isCertain()) {
                return at;
            }
            at++;
        }
        return at;
    }

    private int entry(int at) {
        String text = lines.text(at).strip();
        if (text.startsWith("#")) {
            return add(new Entry.Comment(lines.range(at, at + 1), text), at + 1);
        }
        Optional<HelpRequest> help = HelpRequest.read(text);
        if (help.isPresent()) {
            var range = lines.range(at, at + 1);
            return add(
                    new Entry.Help(range, text, help.get().topic(), help.get().detailed()), at + 1);
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
        if (keyword.matches() && isInstruction(at, keyword.group(1)) && !Python.isPython(text)) {
            return instruction(at);
        }
        if (DockerOutput.isLine(text)) {
            return output(at, at + 1);
        }
        return shellOrMistake(at);
    }

    /** In shell {@code env} and {@code from} are programs. */
    private boolean isInstruction(int at, String word) {
        boolean shell = shellFallback || isShell(at);
        return Vocabulary.isInstruction(word) && !(shell && !word.equals(word.toUpperCase(Locale.ROOT)));
    }

    /** Whether it was typed to a user's shell. */
    private boolean isShell(int at) {
        return lines.line(at).prompt() == PastedPrompt.Kind.SHELL;
    }

    private int add(Entry entry, int next) {
        entries.add(entry);
        return next;
    }

    private int cellMagic(int at, String text) {
        Matcher matcher = CELL_MAGIC.matcher(text);
        int end = lines.size();
        boolean atHead = entries.stream().allMatch(Entry.Comment.class::isInstance);
        if (!matcher.matches()) {
            return mistake(at, at + 1, mistakes.unknownMagic(text));
        }
        String name = matcher.group(1);
        if (!vocabulary.cellMagics().contains(name)) {
            return mistake(at, end, mistakes.unknownCellMagic(name));
        }
        if (!atHead) {
            return mistake(at, end, mistakes.cellMagicNotAtHead(name));
        }
        String rest = Optional.ofNullable(matcher.group(2)).orElse("");
        String body = lines.text(at + 1, end);
        return add(new Entry.CellMagic(lines.range(at, end), lines.text(at, end), name, rest, body, at + 2), end);
    }

    private int lineMagic(int at, String text) {
        Matcher matcher = MAGIC.matcher(text);
        if (!matcher.matches()) {
            return mistake(at, at + 1, mistakes.unknownMagic(text));
        }
        String name = matcher.group(1);
        String rest = Optional.ofNullable(matcher.group(2)).orElse("");
        if (!vocabulary.lineMagics().contains(name)) {
            return mistake(at, at + 1, mistakes.unknownLineMagic(name, rest));
        }
        if (name.equals(CellParser.SHELL_FALLBACK) && !rest.isBlank()) {
            shellFallback = rest.strip().equals("on");
        }
        return add(new Entry.LineMagic(lines.range(at, at + 1), text, name, rest), at + 1);
    }

    /** {@code !} takes its line, what a backslash continues, and its heredocs. */
    private int hostCommand(int at) {
        int end = at + 1;
        while (end < lines.size() && lines.text(end - 1).endsWith("\\")) {
            end++;
        }
        open |= end == lines.size() && lines.text(end - 1).endsWith("\\");
        ShellText line = ShellText.read(lines.text(at, end).replaceFirst("!+", ""), 0);
        if (line.hasHeredoc()) {
            ShellText whole = ShellText.read(lines.text(at, lines.size()).replaceFirst("!+", ""), 0);
            end = Math.max(end, at + 1 + newlines(whole.text()));
            if (whole.open().isPresent()) {
                return unfinished(
                        at,
                        whole,
                        lines.text(at, lines.size()).length() - whole.text().length());
            }
        }
        String text = lines.text(at, end);
        String command = text.strip().replaceFirst("^!+\\s*", "");
        ShellText shell = ShellText.read(command, 0);
        Optional<Advice> misplaced = shell.usesDocker() ? mistakes.misplaced(shell, true) : Optional.empty();
        if (misplaced.isPresent()) {
            return mistake(at, end, misplaced.get().movedBy(text.indexOf(command)));
        }
        if (shell.isDockerCommand() && !shell.isCompose() && shell.end() == command.length()) {
            List<ShellWord> words = shell.simpleCommand().orElseThrow();
            return add(new Entry.DockerCommand(lines.range(at, end), command, words, true), end);
        }
        boolean usesDocker = ShellText.readAll(command).stream().anyMatch(ShellText::usesDocker);
        return add(new Entry.HostCommand(lines.range(at, end), text, command, usesDocker), end);
    }

    private int instruction(int at) {
        // A prompt before the keyword becomes blanks, so that columns are those of the cell.
        String rest = " ".repeat(lines.line(at).shift()) + lines.written(at);
        DockerfileParser.Extent extent = DockerfileParser.firstInstruction(rest, escape);
        int end = at + Math.clamp(extent.lines(), 1, lines.size() - at);
        // A cell that ends in a backslash runs as it would in a file; what is open only matters to a prompt.
        open |= extent.open();
        while (end > at + 1 && lines.text(end - 1).isBlank() && extent.open()) {
            end--;
        }
        String source = String.join("\n", List.of(rest.split("\n", -1)).subList(0, end - at));
        source = source.substring(0, source.length() - lines.line(end - 1).end().length());
        try {
            var options =
                    DockerfileParser.Options.INSTRUCTIONS.withEscape(escape).startingAt(at + 1);
            Instruction read =
                    DockerfileParser.parse(source, options).instructions().getFirst();
            Optional<Advice> placeholder =
                    read instanceof Instruction.From from ? Placeholders.in(from.image(), source) : Optional.empty();
            if (placeholder.isPresent()) {
                return mistake(at, end, placeholder.get());
            }
            return add(new Entry.Instruction(lines.range(at, end), source, read, false), end);
        } catch (DockerfileException e) {
            Entry.Mistake.Kind kind = extent.open() ? Entry.Mistake.Kind.INCOMPLETE : Entry.Mistake.Kind.INSTRUCTION;
            entries.add(new Entry.Mistake(lines.range(at, end), source, e.diagnostic(), kind));
            return end;
        }
    }

    private int shellOrMistake(int at) {
        String rest = lines.text(at, lines.size());
        ShellText shell = ShellText.read(rest, 0);
        int end = at + 1 + newlines(shell.text());
        boolean host = !shell.usesDocker() && isShell(at);
        boolean foreign = lines.text(at).strip().startsWith(ForeignText.FENCE)
                || !host && !shellFallback && Python.isAssignmentOrCall(lines.text(at));
        if (foreign || !shell.usesDocker() && !shellFallback && !host && !setsVariablesOfDocker(shell, rest)) {
            // The lines of a heredoc are not entries, whatever is wrong with the command.
            boolean heredoc = !foreign && shell.hasHeredoc() && !Python.isPython(lines.text(at));
            open |= heredoc && shell.isHeredocOpen();
            return mistake(at, heredoc ? end : at + 1, mistakes.unknown(lines.texts(), at));
        }
        Optional<Advice> misplaced = mistakes.misplaced(shell, false);
        if (misplaced.isPresent()) {
            open |= shell.isHeredocOpen();
            return mistake(at, end, misplaced.get());
        }
        if (shell.open().isPresent()) {
            open = true;
            if (!shell.open().get().equals("line continuation")) {
                return unfinished(at, shell, 0);
            }
        }
        SourceRange range = lines.range(at, end);
        Entry entry = shell.isDockerCommand()
                ? new Entry.DockerCommand(
                        range, shell.text(), shell.simpleCommand().orElseThrow(), false)
                : new Entry.ShellForm(range, shell.text(), shell, host);
        return add(entry, end);
    }

    /** What is open takes all that follows: none of it is an entry of its own. @param skipped characters before the text */
    private int unfinished(int at, ShellText shell, int skipped) {
        open = true;
        String rest = lines.text(at, lines.size());
        var diagnostic = Diagnostic.of(
                lines.place(at, rest, skipped + shell.openAt(), 1),
                Diagnostics.neverClosed(shell.open().orElseThrow()));
        int end = Math.max(at + 1, lines.size() - trailingBlanks());
        entries.add(new Entry.Mistake(lines.range(at, end), shell.text(), diagnostic, Entry.Mistake.Kind.INCOMPLETE));
        return lines.size();
    }

    private int trailingBlanks() {
        int blanks = 0;
        while (blanks < lines.size() && lines.text(lines.size() - 1 - blanks).isBlank()) {
            blanks++;
        }
        return blanks;
    }

    private static int newlines(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
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
        String text = lines.text(from, end);
        SourceRange place = advice.place()
                .map(p -> lines.place(from, text, p.start(), p.length()))
                .orElseGet(() -> lines.firstWord(from));
        var diagnostic = new Diagnostic(place, advice.message(), advice.hint());
        entries.add(new Entry.Mistake(lines.range(from, end), text, diagnostic, Entry.Mistake.Kind.CELL));
        return end;
    }
}
