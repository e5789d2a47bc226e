package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.Utf8;
import org.layerbook.engine.dockerfile.expand.ExpansionException;
import org.layerbook.engine.golang.GoText;

/** Joins continuation lines, leaves out comments and blank lines, and takes in heredoc bodies: text to statements. */
public final class StatementReader {
    /** Go's scanner, with which BuildKit reads a Dockerfile, takes lines up to this many bytes, line end included. */
    private static final int LONGEST_LINE = 64 * 1024 - 1;

    private final SourceLines lines;
    private final char escape;
    /** The next line to read. */
    private int next;
    /** Where the last logical line began. */
    private int start;

    private boolean cutOff;

    private StatementReader(SourceLines lines, char escape, int first) {
        this.lines = lines;
        this.escape = escape;
        this.next = first;
        this.start = first;
    }

    /** All statements from line {@code first} on. */
    static List<Statement> readAll(SourceLines lines, char escape, int first) throws DockerfileException {
        var reader = new StatementReader(lines, escape, first);
        List<Statement> statements = new ArrayList<>();
        Optional<Statement> statement = reader.readOne();
        while (statement.isPresent()) {
            statements.add(statement.get());
            statement = reader.readOne();
        }
        return List.copyOf(statements);
    }

    /**
     * How far the statement that begins on line {@code first}, or after it, reaches.
     *
     * @param firstLine where its keyword stands
     * @param lastLine the last line it takes
     * @param cutOff whether the text ended inside a continuation or a heredoc
     */
    public record Extent(int firstLine, int lastLine, boolean cutOff) {}

    public static Extent extent(SourceLines lines, char escape, int first) {
        var reader = new StatementReader(lines, escape, first);
        try {
            reader.readOne();
        } catch (DockerfileException e) {
            // Its words are wrong; how far it reaches is known all the same.
        }
        return new Extent(reader.start, Math.max(first, reader.next - 1), reader.cutOff);
    }

    /**
     * An instruction on one line, as BuildKit names its step: continuation lines joined with their indentation, comments
     * between them and heredoc bodies left out, everything else as it is written.
     */
    public static String line(Instruction.Origin origin) {
        return joined(origin.original(), origin.escape());
    }

    private static String joined(String text, char escape) {
        var lines = new SourceLines(text);
        var reader = new StatementReader(lines, escape, 1);
        try {
            while (reader.next <= lines.count()) {
                Optional<LogicalLine> line = reader.readLogicalLine();
                if (line.isPresent()) {
                    return GoText.trim(line.get().text());
                }
            }
            return "";
        } catch (DockerfileException e) {
            throw new IllegalArgumentException("already parsed as an instruction: " + e.getMessage(), e);
        }
    }

    private Optional<Statement> readOne() throws DockerfileException {
        while (next <= lines.count()) {
            Optional<LogicalLine> line = readLogicalLine();
            if (line.isPresent()) {
                return Optional.of(withHeredocs(StatementParser.parse(line.get(), escape)));
            }
        }
        return Optional.empty();
    }

    /** The next line with its continuations; nothing for a comment or a blank line. */
    private Optional<LogicalLine> readLogicalLine() throws DockerfileException {
        start = next;
        String first = takeLine();
        int indent = GoText.skipSpaces(first, 0);
        String content = first.startsWith("#", indent) ? "" : first.substring(indent);
        int cut = continuationCut(content);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        var joined = new StringBuilder(content).delete(cut, content.length());
        List<LogicalLine.Piece> pieces = new ArrayList<>();
        pieces.add(new LogicalLine.Piece(0, start, lines.firstColumn(start) + indent));
        boolean continues = cut < content.length();
        while (continues && next <= lines.count()) {
            int number = next;
            String more = takeLine();
            int blank = GoText.skipSpaces(more, 0);
            if (blank == more.length() || more.charAt(blank) == '#') {
                continue;
            }
            int end = continuationCut(more);
            continues = end < more.length();
            pieces.add(new LogicalLine.Piece(joined.length(), number, lines.firstColumn(number)));
            joined.append(more, 0, end);
        }
        cutOff = continues;
        return Optional.of(new LogicalLine(joined.toString(), start, next - 1, List.copyOf(pieces), List.of()));
    }

    private String takeLine() throws DockerfileException {
        int number = next++;
        String raw = lines.raw(number);
        if (raw.length() > LONGEST_LINE / 3 && Utf8.length(raw) > LONGEST_LINE + (raw.endsWith("\n") ? 1 : 0)) {
            throw new DockerfileException(Diagnostic.of(
                    lines.whole(number), "dockerfile line greater than max allowed size of " + LONGEST_LINE));
        }
        return lines.content(number);
    }

    /**
     * Where the escape character stands that continues {@code content} on the next line; its length when none does. One
     * escape character behind another does not: it is escaped itself.
     */
    private int continuationCut(String content) {
        int end = content.length();
        while (end > 0 && (content.charAt(end - 1) == ' ' || content.charAt(end - 1) == '\t')) {
            end--;
        }
        boolean continues =
                end > 0 && content.charAt(end - 1) == escape && (end == 1 || content.charAt(end - 2) != escape);
        return continues ? end - 1 : content.length();
    }

    private Statement withHeredocs(Statement statement) throws DockerfileException {
        LogicalLine line = statement.line();
        if (!statement.mayHoldHeredocs() || !line.text().contains("<<")) {
            return statement;
        }
        List<HeredocMarker> markers;
        try {
            markers = HeredocMarker.inLine(line.text());
        } catch (ExpansionException e) {
            throw new DockerfileException(Diagnostic.of(statement.range(), e.getMessage()));
        }
        List<Instruction.Heredoc> bodies = new ArrayList<>();
        for (HeredocMarker marker : markers) {
            bodies.add(readBody(marker, line));
        }
        return bodies.isEmpty() ? statement : statement.withLine(line.withHeredocs(bodies, next - 1));
    }

    private Instruction.Heredoc readBody(HeredocMarker marker, LogicalLine line) throws DockerfileException {
        var body = new StringBuilder();
        while (next <= lines.count()) {
            int number = next;
            String content = takeLine();
            if (marker.ends(content)) {
                return new Instruction.Heredoc(marker.name(), marker.expand(), marker.stripTabs(), body.toString());
            }
            body.append(lines.raw(number));
        }
        cutOff = true;
        int at = Math.max(0, line.text().indexOf("<<"));
        throw new DockerfileException(new Diagnostic(
                line.range(at, line.text().length()),
                "unterminated heredoc",
                Optional.of("end it with a line that contains only " + marker.name())));
    }
}
