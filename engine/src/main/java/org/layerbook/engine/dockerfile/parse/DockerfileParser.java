package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;

/**
 * Reads Dockerfiles, and parts of them, as BuildKit's stable frontend ({@code docker/dockerfile:1}) does. Pure.
 *
 * <p>Errors come in BuildKit's order: what cannot be cut into words anywhere in the text is reported before a wrong flag
 * or a missing argument further up.
 */
public final class DockerfileParser {
    /** What a text is. */
    public enum Kind {
        /** A whole Dockerfile: something in it, and nothing but ARG before the first FROM. */
        FILE,
        /** Some instructions, as in a cell; none at all is fine too. */
        INSTRUCTIONS
    }

    /**
     * How to read.
     *
     * @param firstLine the line at which the text stands in a larger one, from 1; ranges count from there
     * @param escape the escape character where the text has no directive
     */
    public record Options(Kind kind, int firstLine, char escape) {
        public static final Options FILE = new Options(Kind.FILE, 1, '\\');
        public static final Options INSTRUCTIONS = new Options(Kind.INSTRUCTIONS, 1, '\\');

        public Options startingAt(int line) {
            return new Options(kind, line, escape);
        }

        public Options withEscape(char character) {
            return new Options(kind, firstLine, character);
        }
    }

    private DockerfileParser() {}

    /** A whole Dockerfile. */
    public static Dockerfile parse(String text) throws DockerfileException {
        return parse(text, Options.FILE);
    }

    /** Some instructions, a FROM among them or not. */
    public static Dockerfile parseInstructions(String text) throws DockerfileException {
        return parse(text, Options.INSTRUCTIONS);
    }

    public static Dockerfile parse(String text, Options options) throws DockerfileException {
        try {
            Parsing parsing = Parsing.read(text, options);
            return parsing.dockerfile(parsing.instructions());
        } catch (DockerfileException e) {
            throw shifted(e, options.firstLine() - 1);
        }
    }

    /**
     * The instruction of an {@code ONBUILD} trigger, as it stands in an image's config.
     *
     * @throws DockerfileException also for a trigger that is no single instruction, or one that cannot be a trigger
     */
    public static Instruction parseTrigger(String trigger) throws DockerfileException {
        List<Instruction> instructions = parse(trigger, Options.INSTRUCTIONS).instructions();
        if (instructions.size() != 1) {
            throw new DockerfileException(
                    Diagnostic.of(new SourceRange(1, 1, 1, 2), "onbuild trigger should be a single expression"));
        }
        return instructions.getFirst();
    }

    /** Whether {@code text} is complete, as the instructions of a cell. */
    public static Completeness completeness(String text) {
        var lines = new SourceLines(text);
        char escape = Options.INSTRUCTIONS.escape();
        int next = 1;
        try {
            var directives = ParserDirectives.read(lines);
            escape = directives.escape().orElse(escape);
            next = directives.lines() + 1;
        } catch (DockerfileException e) {
            return Completeness.INVALID;
        }
        while (next <= lines.count()) {
            var extent = StatementReader.extent(lines, escape, next);
            if (extent.cutOff()) {
                return Completeness.INCOMPLETE;
            }
            next = extent.lastLine() + 1;
        }
        try {
            parseInstructions(text);
            return Completeness.COMPLETE;
        } catch (DockerfileException e) {
            return Completeness.INVALID;
        }
    }

    /**
     * How far the first instruction of {@code text} reaches, for splitting a cell; what it says may be wrong.
     *
     * @param escape the escape character in force
     */
    public static Extent firstInstruction(String text, char escape) {
        var extent = StatementReader.extent(new SourceLines(text), escape, 1);
        return new Extent(extent.lastLine(), extent.cutOff());
    }

    public static Diagnostic outsideOfStage(Statement statement) {
        return new Diagnostic(
                statement.range(),
                "no build stage in current context",
                Optional.of("put a FROM before the first " + statement.name()));
    }

    /**
     * @param lines it takes, blank lines and comments before it included, its continuation lines and heredocs too
     * @param open whether the text ends inside a continuation or a heredoc
     */
    public record Extent(int lines, boolean open) {}

    private static DockerfileException shifted(DockerfileException e, int lines) {
        Diagnostic found = e.diagnostic();
        return lines == 0
                ? e
                : new DockerfileException(
                        new Diagnostic(found.range().shiftedBy(lines), found.message(), found.hint()));
    }

    /** A text whose statements are read; the second half of the work is to make instructions of them. */
    public record Parsing(
            String text,
            Options options,
            SourceLines lines,
            ParserDirectives directives,
            char escape,
            List<Statement> statements) {

        public static Parsing read(String text, Options options) throws DockerfileException {
            var lines = new SourceLines(text);
            var directives = ParserDirectives.read(lines);
            char escape = directives.escape().orElse(options.escape());
            List<Statement> statements = StatementReader.readAll(lines, escape, directives.lines() + 1);
            if (statements.isEmpty() && options.kind() == Kind.FILE) {
                throw new DockerfileException(new Diagnostic(
                        lines.whole(lines.count()),
                        "file with no instructions",
                        Optional.of("a Dockerfile must begin with FROM")));
            }
            return new Parsing(text, options, lines, directives, escape, statements);
        }

        public List<Instruction> instructions() throws DockerfileException {
            List<Instruction> instructions = new ArrayList<>();
            boolean inStage = options.kind() == Kind.INSTRUCTIONS;
            for (Statement statement : statements) {
                Instruction instruction = instruction(statement);
                inStage |= instruction instanceof Instruction.From;
                if (!inStage && !(instruction instanceof Instruction.Arg)) {
                    throw new DockerfileException(outsideOfStage(statement));
                }
                instructions.add(instruction);
            }
            return List.copyOf(instructions);
        }

        public Instruction instruction(Statement statement) throws DockerfileException {
            return InstructionParser.parse(statement, origin(statement.line()));
        }

        private Instruction.Origin origin(LogicalLine line) {
            int column = line.pieces().getFirst().column();
            int end = lines.firstColumn(line.endLine())
                    + lines.content(line.endLine()).length();
            var range = new SourceRange(line.startLine(), column, line.endLine(), end);
            return new Instruction.Origin(
                    range.shiftedBy(options.firstLine() - 1),
                    lines.slice(line.startLine(), column, line.endLine()),
                    escape);
        }

        public Dockerfile dockerfile(List<Instruction> instructions) {
            return new Dockerfile(text, directives.syntax(), escape, directives.check(), instructions);
        }
    }
}
