package org.layerbook.repl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.layerbook.engine.dockerfile.DockerfileChecker;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Say whether Dockerfiles are valid. Nothing is run.",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:every file is valid", "1:a file is not, or cannot be read"})
final class CheckCommand implements Callable<Integer> {
    enum Format {
        TEXT,
        JSON
    }

    @ParentCommand
    private LayerbookCommand layerbook;

    @Option(names = "--format", paramLabel = "text|json", description = "How to answer (default: text).")
    private Format format = Format.TEXT;

    @Option(names = "--no-fail", description = "Exit with 0 whatever was found.")
    private boolean noFail;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Dockerfiles.")
    private List<Path> files;

    private record Checked(Path file, Optional<DockerfileChecker.Problem> problem, String text) {}

    @Override
    public Integer call() {
        List<Checked> checked = files.stream().map(CheckCommand::check).toList();
        layerbook.output.stdout(format == Format.JSON ? json(checked) : text(checked));
        boolean valid = checked.stream().allMatch(c -> c.problem().isEmpty());
        return valid || noFail ? 0 : 1;
    }

    private static Checked check(Path file) {
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return new Checked(file, DockerfileChecker.check(text).problem(), text);
        } catch (IOException e) {
            throw new UserError("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    private static String json(List<Checked> all) {
        ArrayNode array = JsonMapper.shared().createArrayNode();
        for (Checked checked : all) {
            ObjectNode object = array.addObject();
            object.put("file", checked.file().toString());
            object.put("accepted", checked.problem().isEmpty());
            checked.problem()
                    .ifPresentOrElse(
                            problem -> {
                                ObjectNode error = object.putObject("error");
                                problem.line()
                                        .ifPresentOrElse(line -> error.put("line", line), () -> error.putNull("line"));
                                error.put("message", problem.message());
                            },
                            () -> object.putNull("error"));
            object.putArray("checks");
            object.putArray("hadolint");
        }
        return array + "\n";
    }

    private static String text(List<Checked> all) {
        var text = new StringBuilder();
        for (Checked checked : all) {
            text.append(checked.file()).append(": ");
            checked.problem()
                    .ifPresentOrElse(
                            problem -> text.append(problem.message())
                                    .append('\n')
                                    .append(org.layerbook.engine.dockerfile.Snippet.of(
                                                    checked.text(), problem.diagnostic(), 1)
                                            .render()),
                            () -> text.append("valid\n"));
            if (!text.toString().endsWith("\n")) {
                text.append('\n');
            }
        }
        return text.toString();
    }
}
