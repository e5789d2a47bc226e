package org.layerbook.interpreter.testing;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.DockerfileException;
import org.layerbook.engine.dockerfile.Instruction;
import org.layerbook.engine.dockerfile.SourceRange;

/** Reads the plainest form of each instruction, so that a test of cells depends on nothing else. */
public final class SimpleInstructions {
    private SimpleInstructions() {}

    public static Instruction read(String text, char escape) throws DockerfileException {
        List<String> lines = text.lines().toList();
        var range = new SourceRange(1, 1, lines.size(), lines.getLast().length() + 1);
        var origin = new Instruction.Origin(range, text, escape);
        String[] words = text.strip().split("\\s+");
        String rest = text.strip().substring(words[0].length()).strip();
        if (words.length < 2) {
            throw new DockerfileException(Diagnostic.of(range, words[0] + " requires an argument"));
        }
        return switch (words[0].toUpperCase(Locale.ROOT)) {
            case "FROM" ->
                new Instruction.From(
                        origin,
                        Optional.empty(),
                        words[1],
                        words.length > 3 ? Optional.of(words[3]) : Optional.empty());
            case "ARG" ->
                new Instruction.Arg(
                        origin,
                        List.of(new Instruction.ArgDeclaration(
                                rest.split("=")[0],
                                rest.contains("=") ? Optional.of(rest.split("=", 2)[1]) : Optional.empty())));
            case "ENV" ->
                new Instruction.Env(
                        origin, List.of(new Instruction.KeyValue(rest.split("=")[0], rest.split("=", 2)[1])));
            case "WORKDIR" -> new Instruction.Workdir(origin, rest);
            case "COPY" ->
                new Instruction.Copy(
                        origin,
                        new Instruction.Sources(
                                List.of(words).subList(words[1].startsWith("--") ? 2 : 1, words.length - 1), List.of()),
                        words[words.length - 1],
                        words[1].startsWith("--from=") ? Optional.of(words[1].substring(7)) : Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        false,
                        List.of());
            case "CMD" -> new Instruction.Cmd(origin, new Instruction.CommandLine.Shell(rest, List.of()));
            case "RUN" ->
                new Instruction.Run(
                        origin,
                        new Instruction.CommandLine.Shell(rest, List.of()),
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty());
            default -> throw new DockerfileException(Diagnostic.of(range, "unknown instruction: " + words[0]));
        };
    }
}
