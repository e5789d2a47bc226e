package org.layerbook.interpreter.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.parse.Completeness;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.dockerfile.parse.Frontend;

/**
 * Reads a cell into entries, pure and total: whatever the text, it gives entries, the faulty parts as {@link
 * Entry.Mistake}s.
 *
 * <p>A cell in which a pasted prompt stands is read as a terminal session: the lines with a prompt are its entries, the
 * others what the tutorial's machine printed.
 */
public final class CellParser {
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final Pattern DIRECTIVE = Pattern.compile("^#\\s*([a-zA-Z][a-zA-Z0-9]*)\\s*=\\s*(.+?)\\s*$");

    /** The magic that says whether a line that is nothing else is shell, for the rest of its cell too. */
    public static final String SHELL_FALLBACK = "shell-fallback";

    private final Vocabulary vocabulary;
    private final boolean shellFallback;

    public CellParser(Vocabulary vocabulary) {
        this(vocabulary, false);
    }

    private CellParser(Vocabulary vocabulary, boolean shellFallback) {
        this.vocabulary = vocabulary;
        this.shellFallback = shellFallback;
    }

    /** The same, for cells in which a line that is nothing else is, or is not, a command of the host's shell. */
    public CellParser withShellFallback(boolean on) {
        return on == shellFallback ? this : new CellParser(vocabulary, on);
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    public Cell parse(String text) {
        return parse(text, 1);
    }

    /**
     * Reads a part of a cell.
     *
     * @param firstLine the line of the whole cell at which it begins, from 1; places count from there, and the text of
     *     what is given back has that many lines before it
     */
    public Cell parse(String part, int firstLine) {
        // What editors of Windows put at the head of a file is no character of it.
        return part.startsWith(BYTE_ORDER_MARK) ? read(part.substring(1), firstLine) : read(part, firstLine);
    }

    private Cell read(String part, int firstLine) {
        char escape = escapeOf(Line.of(part));
        String text = "\n".repeat(firstLine - 1) + part;
        List<Line> lines = Line.of(text);
        var plain = new CellReading(lines, false, escape, vocabulary, shellFallback).read();
        if (!plain.sawPrompt() && !isRootTranscript(plain.entries())) {
            return cell(text, escape, plain);
        }
        return cell(
                text,
                escape,
                new CellReading(PastedTerminal.read(lines), true, escape, vocabulary, shellFallback).read());
    }

    /** The one answer to "could this be run as it stands", for {@code is_complete_request} and for the prompt. */
    public Completeness completeness(String text) {
        return parse(text).completeness();
    }

    /** What is being typed where this text ends, for completion. */
    public Cursor cursor(String text) {
        return CursorReading.of(text, this);
    }

    private Cell cell(String text, char escape, CellReading reading) {
        List<Entry> entries = withFrontend(text, withArgsBeforeFrom(reading.entries()));
        Completeness completeness = reading.isOpen() || isUnfinishedMagic(text, entries)
                ? Completeness.INCOMPLETE
                : entries.stream().anyMatch(Entry.Mistake.class::isInstance)
                        ? Completeness.INVALID
                        : Completeness.COMPLETE;
        return new Cell(text, entries, escape, completeness);
    }

    /** A cell for another frontend than ours is not run, as a file for it is not. */
    private static List<Entry> withFrontend(String text, List<Entry> entries) {
        Optional<Diagnostic> problem = Frontend.problem(text);
        if (problem.isEmpty()) {
            return entries;
        }
        int line = problem.get().range().startLine();
        return entries.stream()
                .map(entry -> entry instanceof Entry.Comment && entry.range().startLine() == line
                        ? new Entry.Mistake(entry.range(), entry.text(), problem.get(), Entry.Mistake.Kind.INSTRUCTION)
                        : entry)
                .toList();
    }

    /** Typed at a prompt, the body of a cell magic ends with a blank line that stands inside of nothing. */
    private boolean isUnfinishedMagic(String text, List<Entry> entries) {
        if (entries.isEmpty() || !(entries.getLast() instanceof Entry.CellMagic magic)) {
            return false;
        }
        return !text.substring(text.lastIndexOf('\n') + 1).isBlank() || isOpen(magic);
    }

    private boolean isOpen(Entry.CellMagic magic) {
        return switch (vocabulary.body(magic.name())) {
            case TEXT -> false;
            case CELL -> completeness(magic.body()) == Completeness.INCOMPLETE;
            case SHELL -> {
                List<ShellText> pieces = ShellText.readAll(magic.body());
                yield !pieces.isEmpty() && pieces.getLast().open().isPresent();
            }
            case DOCKERFILE -> DockerfileParser.completeness(magic.body()) == Completeness.INCOMPLETE;
        };
    }

    /**
     * {@code # docker …} is a root prompt only where something else in the cell can be nothing but output. Otherwise it is
     * a command that somebody has commented out, and must not run.
     */
    private static boolean isRootTranscript(List<Entry> entries) {
        boolean root = entries.stream()
                .anyMatch(e ->
                        e instanceof Entry.Comment && PastedPrompt.at(e.text()).kind() == PastedPrompt.Kind.ROOT);
        boolean output = entries.stream()
                .anyMatch(e -> e instanceof Entry.TutorialOutput
                        || e instanceof Entry.Mistake(var range, var text, var diagnostic, var kind)
                                && kind == Entry.Mistake.Kind.CELL);
        boolean only = entries.stream()
                .allMatch(e ->
                        e instanceof Entry.Comment || e instanceof Entry.Mistake || e instanceof Entry.TutorialOutput);
        return root && output && only;
    }

    private static char escapeOf(List<Line> lines) {
        for (Line line : lines) {
            Matcher matcher = DIRECTIVE.matcher(line.text());
            if (!matcher.matches()) {
                break;
            }
            if (matcher.group(1).equalsIgnoreCase("escape") && matcher.group(2).equals("`")) {
                return '`';
            }
        }
        return '\\';
    }

    private static List<Entry> withArgsBeforeFrom(List<Entry> entries) {
        var result = new ArrayList<Entry>(entries);
        boolean fromFollows = false;
        for (int i = result.size() - 1; i >= 0; i--) {
            if (result.get(i) instanceof Entry.Comment) {
                continue;
            }
            boolean isArg = false;
            if (result.get(i) instanceof Entry.Instruction(var range, var text, var instruction, var ignored)) {
                isArg = instruction instanceof org.layerbook.engine.dockerfile.Instruction.Arg;
                if (isArg && fromFollows) {
                    result.set(i, new Entry.Instruction(range, text, instruction, true));
                }
                fromFollows =
                        instruction instanceof org.layerbook.engine.dockerfile.Instruction.From || isArg && fromFollows;
            } else {
                fromFollows = false;
            }
        }
        return List.copyOf(result);
    }
}
