package org.layerbook.interpreter.cell;

import java.util.List;
import java.util.Locale;
import org.layerbook.engine.dockerfile.Completeness;

/** What is being typed at the end of a text. */
public enum CursorPlace {
    /** An entry of this language. */
    ENTRY,
    /** A Dockerfile: the body of {@code %%dockerfile}, the heredoc of a build that reads it. */
    DOCKERFILE,
    /** Any other text: a heredoc's, a cell magic's. Nothing of this language begins there. */
    TEXT;

    static CursorPlace of(String before, CellParser parser) {
        Cell cell = parser.parse(before);
        if (cell.entries().isEmpty()) {
            return ENTRY;
        }
        Entry last = cell.entries().getLast();
        int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
        if (last instanceof Entry.CellMagic magic) {
            return line < magic.bodyLine() ? ENTRY : inside(magic, parser);
        }
        boolean open = cell.completeness() == Completeness.INCOMPLETE;
        if (!open && last.range().endLine() < line || line == last.range().startLine()) {
            return ENTRY;
        }
        List<String> lines =
                List.of(before.split("\n", -1)).subList(last.range().startLine() - 1, line);
        return isBehindHeredoc(lines, last, cell.escape()) ? (isBuild(lines.getFirst()) ? DOCKERFILE : TEXT) : ENTRY;
    }

    private static CursorPlace inside(Entry.CellMagic magic, CellParser parser) {
        return switch (parser.vocabulary().body(magic.name())) {
            case TEXT, SHELL -> TEXT;
            case CELL -> of(magic.body(), parser);
            case DOCKERFILE -> of(magic.body(), parser) == TEXT ? TEXT : DOCKERFILE;
        };
    }

    /** Whether the last of an entry's lines comes after the logical line that a heredoc's sign stands in. */
    private static boolean isBehindHeredoc(List<String> lines, Entry entry, char escape) {
        boolean instruction =
                Vocabulary.isInstruction(entry.text().strip().split("\\s", 2)[0].toUpperCase(Locale.ROOT));
        char continues = instruction ? escape : '\\';
        int end = 0;
        while (end < lines.size() - 1 && goesOn(lines.get(end), continues, instruction && end > 0)) {
            end++;
        }
        if (end >= lines.size() - 1) {
            return false;
        }
        // An instruction of several logical lines has a heredoc; in shell it could be a loop.
        String shell = String.join("\n", lines).replaceFirst("^\\s*!+", "");
        return instruction || ShellText.read(shell, 0).hasHeredoc();
    }

    private static boolean goesOn(String line, char escape, boolean commentsToo) {
        String text = line.stripTrailing();
        return text.endsWith(String.valueOf(escape))
                || commentsToo && (text.isEmpty() || text.stripLeading().startsWith("#"));
    }

    private static boolean isBuild(String line) {
        return line.matches(
                "[!\\s]*(?:\\w+=\\S+ )*(?:sudo )?(?:docker|podman)\\s+(?:(?:buildx|image|builder)\\s+)?build\\s.*");
    }
}
