package org.layerbook.engine.dockerfile.parse;

import java.util.ArrayList;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;

/** Reads a whole Dockerfile for a build, and refuses it in BuildKit's words, at the line that BuildKit names. */
public final class DockerfileReader {
    private DockerfileReader() {}

    /** @throws DockerfileException in BuildKit's order: directives, frontend, words, instructions */
    public static Dockerfile read(String text) throws DockerfileException {
        return read(text, Optional.empty());
    }

    /** @param frontend instead of the one that the text asks for */
    public static Dockerfile read(String text, Optional<String> frontend) throws DockerfileException {
        if (text.isEmpty()) {
            throw DockerfileException.ofWholeFile("the Dockerfile cannot be empty", "it must begin with FROM");
        }
        checkDirectives(text);
        Frontend.check(text, frontend);
        DockerfileParser.Parsing parsing = parsing(text);
        var instructions = new ArrayList<Instruction>();
        boolean inStage = false;
        for (Statement statement : parsing.statements()) {
            Instruction instruction = instruction(statement, parsing);
            inStage |= instruction instanceof Instruction.From;
            if (!inStage && !(instruction instanceof Instruction.Arg)) {
                throw new DockerfileException(DockerfileParser.outsideOfStage(statement));
            }
            instructions.add(instruction);
        }
        Dockerfile dockerfile = parsing.dockerfile(instructions);
        CheckDirective.check(dockerfile.check());
        return dockerfile;
    }

    private static void checkDirectives(String text) throws DockerfileException {
        try {
            ParserDirectives.read(new SourceLines(text));
        } catch (DockerfileException e) {
            // BuildKit counts the lines that it has done with, so it names the one before.
            int line = e.diagnostic().range().startLine() - 1;
            throw new DockerfileException(e.getMessage(), Optional.of(line), e.diagnostic());
        }
    }

    private static DockerfileParser.Parsing parsing(String text) throws DockerfileException {
        try {
            return DockerfileParser.Parsing.read(text, DockerfileParser.Options.FILE);
        } catch (DockerfileException e) {
            int line = instructionLine(text, e.diagnostic().range().startLine());
            throw new DockerfileException(e.getMessage(), Optional.of(line), e.diagnostic());
        }
    }

    private static Instruction instruction(Statement statement, DockerfileParser.Parsing parsing)
            throws DockerfileException {
        try {
            return parsing.instruction(statement);
        } catch (DockerfileException e) {
            int line = statement.line().startLine();
            String message = "dockerfile parse error on line " + line + ": " + e.getMessage();
            throw new DockerfileException(message, Optional.of(line), e.diagnostic());
        }
    }

    /** BuildKit names the line of the keyword, wherever in the instruction the fault is. */
    private static int instructionLine(String text, int faultLine) throws DockerfileException {
        var lines = new SourceLines(text);
        var directives = ParserDirectives.read(lines);
        int next = directives.lines() + 1;
        while (next <= lines.count()) {
            var extent = StatementReader.extent(lines, directives.escape().orElse('\\'), next);
            if (faultLine <= extent.lastLine()) {
                return Math.min(faultLine, extent.firstLine());
            }
            next = extent.lastLine() + 1;
        }
        return faultLine;
    }
}
