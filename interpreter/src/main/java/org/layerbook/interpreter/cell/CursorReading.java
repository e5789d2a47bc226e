package org.layerbook.interpreter.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.layerbook.engine.dockerfile.parse.Completeness;

/** Finds what is being typed at the end of a text, over what the parser reads there. Pure. */
final class CursorReading {
    private static final Pattern BUILD = Pattern.compile(
            "[!\\s]*(?:\\w+=\\S+ )*(?:sudo )?(?:docker|podman)\\s+(?:(?:buildx|image|builder)\\s+)?build\\s.*");
    private static final Pattern HOST = Pattern.compile("!+\\s*");

    private final CellParser parser;
    private final String text;
    private final Cell cell;
    private final List<String> lines;

    private CursorReading(CellParser parser, String text) {
        this.parser = parser;
        this.text = text;
        this.cell = parser.parse(text);
        this.lines = List.of(text.split("\n", -1));
    }

    static Cursor of(String text, CellParser parser) {
        return new CursorReading(parser, text).read();
    }

    private Cursor read() {
        if (cell.entries().isEmpty()) {
            return typed(List.of(), lineStart(lines.size()), false);
        }
        Entry last = cell.entries().getLast();
        List<Entry> before = cell.entries().subList(0, cell.entries().size() - 1);
        if (last instanceof Entry.CellMagic magic) {
            return lines.size() < magic.bodyLine() ? typed(before, startOf(last), false) : inside(magic);
        }
        boolean open = cell.completeness() == Completeness.INCOMPLETE;
        if (!open && last.range().endLine() < lines.size()) {
            return typed(cell.entries(), lineStart(lines.size()), false);
        }
        boolean instruction = isInstruction(last);
        int heredoc = heredocLine(last, instruction);
        if (heredoc > lines.size()) {
            return typed(before, startOf(last), instruction);
        }
        if (BUILD.matcher(text.substring(startOf(last)).lines().findFirst().orElse(""))
                .matches()) {
            return dockerfile(lineStart(heredoc));
        }
        return new Cursor(CursorPlace.TEXT, before, List.of(), "", text.length());
    }

    private Cursor inside(Entry.CellMagic magic) {
        int start = lineStart(magic.bodyLine());
        return switch (parser.vocabulary().body(magic.name())) {
            case TEXT, SHELL -> new Cursor(CursorPlace.TEXT, List.of(), List.of(), "", text.length());
            case CELL -> of(text.substring(start), parser).movedBy(start);
            case DOCKERFILE -> dockerfile(start);
        };
    }

    private Cursor dockerfile(int start) {
        Cursor inside = of(text.substring(start), parser).movedBy(start);
        return inside.place() == CursorPlace.TEXT ? inside : inside.at(CursorPlace.DOCKERFILE);
    }

    /** @param line from 1 */
    private int lineStart(int line) {
        int start = 0;
        for (int i = 1; i < line; i++) {
            start = text.indexOf('\n', start) + 1;
        }
        return start;
    }

    private int startOf(Entry entry) {
        return Math.min(
                text.length(),
                lineStart(entry.range().startLine()) + entry.range().startColumn() - 1);
    }

    private static boolean isInstruction(Entry entry) {
        boolean keyword =
                Vocabulary.isInstruction(entry.text().strip().split("\\s", 2)[0].toUpperCase(Locale.ROOT));
        return entry instanceof Entry.Instruction || entry instanceof Entry.Mistake && keyword;
    }

    /** The line at which the bodies of an entry's heredocs begin; one that is not there when it has none. */
    private int heredocLine(Entry entry, boolean instruction) {
        List<String> own = lines.subList(entry.range().startLine() - 1, lines.size());
        char continues = instruction ? cell.escape() : '\\';
        int end = 0;
        while (end < own.size() - 1 && goesOn(own.get(end), continues, instruction && end > 0)) {
            end++;
        }
        // An instruction of several logical lines has a heredoc; in shell it could be a loop.
        boolean heredoc = instruction
                || ShellText.read(withoutHost(String.join("\n", own)), 0).hasHeredoc();
        return heredoc ? entry.range().startLine() + end + 1 : lines.size() + 1;
    }

    private static String withoutHost(String command) {
        return HOST.matcher(command.stripLeading()).replaceFirst("");
    }

    private static boolean goesOn(String line, char escape, boolean commentsToo) {
        String code = line.stripTrailing();
        return code.endsWith(String.valueOf(escape))
                || commentsToo && (code.isEmpty() || code.stripLeading().startsWith("#"));
    }

    /** Splits what is typed of an entry. @param start where that begins */
    private Cursor typed(List<Entry> before, int start, boolean instruction) {
        String entry = text.substring(start);
        Cursor cursor = instruction ? instructionWords(before, entry) : commandWords(before, entry);
        return cursor.movedBy(start);
    }

    private Cursor instructionWords(List<Entry> before, String entry) {
        var words = new ArrayList<String>();
        int at = 0;
        for (String line : entry.split("(?<=\n)")) {
            boolean comment = at > 0 && line.stripLeading().startsWith("#");
            boolean isLast = at + line.length() == entry.length();
            if (!comment && !isLast) {
                String code = line.stripTrailing();
                words.addAll(
                        ofBlanks(goesOn(code, cell.escape(), false) ? code.substring(0, code.length() - 1) : code));
            }
            at += line.length();
        }
        int lineStart = entry.lastIndexOf('\n') + 1;
        int start = entry.length();
        while (start > lineStart && !Character.isWhitespace(entry.charAt(start - 1))) {
            start--;
        }
        words.addAll(ofBlanks(entry.substring(lineStart, start)));
        return new Cursor(CursorPlace.ENTRY, before, words, entry.substring(start), start);
    }

    private static List<String> ofBlanks(String code) {
        return code.isBlank() ? List.of() : List.of(code.strip().split("\\s+"));
    }

    /** The words of the last simple command. */
    private static Cursor commandWords(List<Entry> before, String entry) {
        String command = withoutHost(entry);
        int skipped = entry.length() - command.length();
        var lexer = new ShellLexer(command, 0);
        var words = new ArrayList<String>();
        String word = "";
        for (List<ShellToken> next = lexer.next(); !next.isEmpty(); next = lexer.next()) {
            switch (next.getFirst()) {
                case ShellToken.Word(ShellWord read)
                when read.end() == command.length() -> word = command.substring(read.start());
                case ShellToken.Word(ShellWord read) -> words.add(command.substring(read.start(), read.end()));
                case ShellToken.Operator operator -> {
                    if (!operator.isRedirection()) {
                        words.clear();
                    }
                }
                case ShellToken.LineEnd ignored -> words.clear();
                case ShellToken.HeredocBody ignored -> {}
            }
        }
        if (!words.isEmpty() && words.getFirst().equals("sudo")) {
            words.removeFirst();
        }
        return new Cursor(CursorPlace.ENTRY, before, words, word, skipped + command.length() - word.length());
    }
}
