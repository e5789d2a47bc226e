package org.layerbook.engine.dockerfile.parse;

import java.util.Optional;
import java.util.regex.Pattern;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.SourceRange;

/**
 * The frontend that a Dockerfile asks for with {@code # syntax=}. BuildKit fetches that image and hands it the file; here
 * there is one, which does what {@code docker/dockerfile} does in all its versions. A file for another one would be
 * misread, so it is refused.
 */
public final class Frontend {
    private static final Pattern TAG_OR_DIGEST = Pattern.compile("(@.*|:[^/]*)$");
    private static final Pattern OWN = Pattern.compile(
            // docker.io itself, or a registry that mirrors it, perhaps below a path of its own
            "((localhost|[^/]*[.:][^/]*)/([^/]+/)*)?docker/dockerfile(-upstream)?");

    private Frontend() {}

    /**
     * Checks what a text asks for.
     *
     * @param instead of a text's directive: {@code --build-arg BUILDKIT_SYNTAX}
     * @throws DockerfileException when it is another frontend
     */
    public static void check(String text, Optional<String> instead) throws DockerfileException {
        Optional<Diagnostic> problem = instead.isPresent()
                ? problem(instead.get(), new SourceLines(text).whole(1), "remove BUILDKIT_SYNTAX")
                : problem(text);
        if (problem.isPresent()) {
            throw new DockerfileException(problem.get());
        }
    }

    /** What is wrong with the directive of a text, if anything. */
    public static Optional<Diagnostic> problem(String text) {
        var lines = new SourceLines(text);
        try {
            var directives = ParserDirectives.read(lines);
            return directives
                    .syntax()
                    .flatMap(name ->
                            problem(name, lines.whole(directives.syntaxLine()), "write # syntax=docker/dockerfile:1"));
        } catch (DockerfileException e) {
            // The parser reports a malformed directive.
            return Optional.empty();
        }
    }

    private static Optional<Diagnostic> problem(String written, SourceRange place, String remedy) {
        String name = written.strip().split("\\s+", 2)[0];
        String repository = TAG_OR_DIGEST.matcher(name.replaceFirst("@.*$", "")).replaceFirst("");
        if (OWN.matcher(repository).matches()) {
            return Optional.empty();
        }
        return Optional.of(new Diagnostic(
                place,
                "failed to resolve frontend " + name + ": only docker/dockerfile is supported",
                Optional.of(remedy + " if the file is an ordinary Dockerfile")));
    }
}
