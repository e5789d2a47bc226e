package org.layerbook.repl;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.layerbook.engine.dockerfile.Diagnostic;
import org.layerbook.engine.dockerfile.TextEncoding;
import org.layerbook.engine.dockerfile.check.DockerfileChecker;
import org.layerbook.engine.dockerfile.parse.Snippet;
import org.layerbook.interpreter.command.option.OptionParser.Parsed;
import org.layerbook.interpreter.command.option.OptionSpec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code layerbook check FILE...}. */
final class CheckCommand {
    static final Command COMMAND = new Command(
            "check",
            "[OPTIONS] FILE...",
            "Check whether Dockerfiles are valid.\nRuns nothing. `-` is standard input.",
            List.of(
                    OptionSpec.of(OptionSpec.Kind.TEXT, "text|json", "format", "Output format (default: text)"),
                    OptionSpec.toggle("no-fail", "Exit with 0 even if a file is invalid")),
            1,
            Command.ANY_NUMBER,
            List.of("0        all files are valid", "1        a file is invalid or cannot be read"),
            CheckCommand::run);

    private static final Path STANDARD_INPUT = Path.of("-");

    private CheckCommand() {}

    /**
     * What was found in one file.
     *
     * @param line of the error, where it has one
     * @param place of the error in the text, where the file could be read
     */
    private record Fault(Optional<Integer> line, String message, Optional<Diagnostic> place) {}

    private record Checked(Path file, String text, Optional<Fault> fault) {}

    private static int run(Parsed given, CliContext context) {
        String format = given.options().text("format").orElse("text");
        if (!format.equals("text") && !format.equals("json")) {
            throw new UserErrorException("unknown format `" + format + "`: use text or json");
        }
        List<Checked> checked = given.arguments().stream()
                .map(file -> check(Path.of(file), context.input()))
                .toList();
        context.output().stdout(format.equals("json") ? json(checked) : text(checked));
        boolean valid = checked.stream().allMatch(c -> c.fault().isEmpty());
        return valid || given.options().on("no-fail") ? 0 : 1;
    }

    /** One file that cannot be read is told like any other fault, so that the others are checked too. */
    private static Checked check(Path file, InputStream input) {
        try {
            byte[] bytes = file.equals(STANDARD_INPUT) ? input.readAllBytes() : Files.readAllBytes(file);
            Optional<String> encoding =
                    TextEncoding.problem(bytes, file.getFileName().toString());
            if (encoding.isPresent()) {
                throw new IOException(encoding.get());
            }
            String text = new String(bytes, StandardCharsets.UTF_8);
            Optional<Fault> fault = DockerfileChecker.check(text)
                    .problem()
                    .map(p -> new Fault(p.line(), p.message(), Optional.of(p.diagnostic())));
            return new Checked(file, text, fault);
        } catch (IOException e) {
            var fault =
                    new Fault(Optional.empty(), "cannot be read: " + UserErrorException.reason(e), Optional.empty());
            return new Checked(file, "", Optional.of(fault));
        }
    }

    private static String json(List<Checked> all) {
        ArrayNode array = JsonMapper.shared().createArrayNode();
        for (Checked checked : all) {
            ObjectNode object = array.addObject();
            object.put("file", checked.file().toString());
            object.put("accepted", checked.fault().isEmpty());
            checked.fault().ifPresentOrElse(fault -> error(object, fault), () -> object.putNull("error"));
            object.putArray("checks");
            object.putArray("hadolint");
        }
        return array + "\n";
    }

    private static void error(ObjectNode object, Fault fault) {
        ObjectNode error = object.putObject("error");
        fault.line().ifPresentOrElse(line -> error.put("line", line), () -> error.putNull("line"));
        error.put("message", fault.message());
    }

    private static String text(List<Checked> all) {
        var text = new StringBuilder();
        for (Checked checked : all) {
            text.append(checked.file());
            checked.fault()
                    .flatMap(Fault::line)
                    .ifPresent(line -> text.append(':').append(line));
            text.append(": ");
            checked.fault()
                    .ifPresentOrElse(fault -> text.append(describe(fault, checked.text())), () -> text.append("valid"));
            if (text.charAt(text.length() - 1) != '\n') {
                text.append('\n');
            }
        }
        return text.toString();
    }

    private static String describe(Fault fault, String text) {
        String snippet = fault.place()
                .map(place -> "\n" + Snippet.of(text, place, 1).render())
                .orElse("");
        return fault.message() + snippet;
    }
}
