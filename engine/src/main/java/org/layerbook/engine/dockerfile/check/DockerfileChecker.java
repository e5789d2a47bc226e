package org.layerbook.engine.dockerfile.check;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.Dockerfile;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.dockerfile.parse.DockerfileParser;
import org.layerbook.engine.dockerfile.parse.Frontend;
import org.layerbook.engine.dockerfile.parse.ParserDirectives;
import org.layerbook.engine.dockerfile.parse.SourceLines;
import org.layerbook.engine.dockerfile.parse.Statement;
import org.layerbook.engine.dockerfile.parse.StatementReader;

/**
 * Whether BuildKit would take a Dockerfile, without running anything: it parses, every instruction and flag is well formed,
 * stages resolve, variables expand. Base images are taken to exist, with nothing in their config but a PATH. As with
 * BuildKit, the instructions of stages that the target does not need are parsed but not expanded.
 */
public final class DockerfileChecker {
    /**
     * What was found.
     *
     * @param problem the first one, in BuildKit's order; absent when the file is accepted
     */
    public record Verdict(Optional<Problem> problem) {
        public boolean accepted() {
            return problem.isEmpty();
        }
    }

    /**
     * @param line as BuildKit counts; absent where it names none
     * @param message BuildKit's sentence as {@code docker build} shows it, {@code dockerfile parse error on line 2: …}
     *     included
     * @param diagnostic the same with the exact place and a hint, for showing
     */
    public record Problem(Optional<Integer> line, String message, Diagnostic diagnostic) {}

    /** @param target the stage to build, the last one by default */
    public record Options(Map<String, String> buildArgs, Optional<String> target) {
        public static final Options DEFAULT = new Options(Map.of(), Optional.empty());
    }

    private DockerfileChecker() {}

    public static Verdict check(String text) {
        return check(text, Options.DEFAULT);
    }

    public static Verdict check(String text, Options options) {
        return new Verdict(firstProblem(text, options));
    }

    private static Optional<Problem> firstProblem(String text, Options options) {
        if (text.isEmpty()) {
            var place = new SourceRange(1, 1, 1, 2);
            return withoutLine(
                    new Diagnostic(place, "the Dockerfile cannot be empty", Optional.of("it begins with FROM")));
        }
        try {
            ParserDirectives.read(new SourceLines(text));
        } catch (DockerfileException e) {
            // BuildKit counts the lines that it has done with, so it names the one before.
            int line = e.diagnostic().range().startLine() - 1;
            return Optional.of(new Problem(Optional.of(line), e.diagnostic().message(), e.diagnostic()));
        }
        Optional<Diagnostic> frontend = Frontend.problem(text);
        if (frontend.isPresent()) {
            return atLine(frontend.get(), frontend.get().range().startLine());
        }
        DockerfileParser.Parsing parsing;
        try {
            parsing = DockerfileParser.Parsing.read(text, DockerfileParser.Options.FILE);
        } catch (DockerfileException e) {
            return atLine(
                    e.diagnostic(), instructionLine(text, e.diagnostic().range().startLine()));
        }
        return instructionProblem(parsing).or(() -> stageProblem(parsing, options));
    }

    /** BuildKit names the line of the keyword, wherever in the instruction the fault is. */
    private static int instructionLine(String text, int faultLine) {
        var lines = new SourceLines(text);
        char escape = '\\';
        int next = 1;
        try {
            var directives = ParserDirectives.read(lines);
            escape = directives.escape().orElse(escape);
            next = directives.lines() + 1;
        } catch (DockerfileException e) {
            return faultLine;
        }
        while (next <= lines.count()) {
            var extent = StatementReader.extent(lines, escape, next);
            if (faultLine <= extent.lastLine()) {
                return Math.min(faultLine, extent.firstLine());
            }
            next = extent.lastLine() + 1;
        }
        return faultLine;
    }

    private static Optional<Problem> withoutLine(Diagnostic diagnostic) {
        return Optional.of(new Problem(Optional.empty(), diagnostic.message(), diagnostic));
    }

    private static Optional<Problem> atLine(Diagnostic diagnostic, int line) {
        return Optional.of(new Problem(Optional.of(line), diagnostic.message(), diagnostic));
    }

    private static Optional<Problem> instructionProblem(DockerfileParser.Parsing parsing) {
        boolean inStage = false;
        for (Statement statement : parsing.statements()) {
            int line = statement.line().startLine();
            try {
                Instruction instruction = parsing.instruction(statement);
                inStage |= instruction instanceof Instruction.From;
                if (!inStage && !(instruction instanceof Instruction.Arg)) {
                    return atLine(DockerfileParser.outsideOfStage(statement), line);
                }
            } catch (DockerfileException e) {
                String message = "dockerfile parse error on line " + line + ": " + e.getMessage();
                return Optional.of(new Problem(Optional.of(line), message, e.diagnostic()));
            }
        }
        return Optional.empty();
    }

    private static Optional<Problem> stageProblem(DockerfileParser.Parsing parsing, Options options) {
        List<Instruction> instructions;
        try {
            instructions = parsing.instructions();
        } catch (DockerfileException e) {
            throw new IllegalStateException("parsed a moment ago", e);
        }
        Dockerfile dockerfile = parsing.dockerfile(instructions);
        try {
            CheckDirective.check(dockerfile.check());
            StageChecker.check(dockerfile, options);
            return Optional.empty();
        } catch (CheckFailureException failure) {
            SourceRange place = failure.origin()
                    .map(Instruction.Origin::range)
                    .orElseGet(() -> parsing.lines().whole(1));
            var diagnostic = new Diagnostic(place, failure.getMessage(), failure.hint());
            return failure.origin().isPresent() ? atLine(diagnostic, place.startLine()) : withoutLine(diagnostic);
        }
    }
}
