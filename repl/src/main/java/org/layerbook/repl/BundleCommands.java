package org.layerbook.repl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.layerbook.interpreter.Interpreter;
import org.layerbook.interpreter.command.option.OptionParser.Parsed;
import org.layerbook.interpreter.command.option.OptionSpec;

/** {@code layerbook bundle} and {@code layerbook load}: one cell each. */
final class BundleCommands {
    private static final List<String> STATUSES = List.of("0        success", "1        failed; nothing was written");

    static final Command BUNDLE = new Command(
            "bundle",
            "[OPTIONS] IMAGE... -o FILE",
            """
            Pack images into one file for offline use.
            Like `docker save`, with two differences: missing images are pulled, and
            multi-platform images are packed with all their platforms. Shared layers are
            packed once; the same images give the same bytes. `layerbook load`, docker,
            podman and skopeo read the file.""",
            List.of(
                    OptionSpec.text(
                            'o',
                            "output",
                            "File to write; a name that ends in .zst\ncompresses it (decompress it for docker)"),
                    OptionSpec.text("platform", "Pack only this platform of each image (e.g., \"linux/arm64\")")),
            1,
            Command.ANY_NUMBER,
            STATUSES,
            BundleCommands::bundle);

    static final Command LOAD = new Command(
            "load",
            "FILE",
            """
            Load images from a bundle or a docker, podman or skopeo archive.
            For a multi-platform image, loads this machine's variant. The same as
            `layerbook -c 'docker load -i FILE'`.""",
            List.of(OptionSpec.text("platform", "Load this platform instead (e.g., \"linux/arm64\")")),
            1,
            1,
            STATUSES,
            BundleCommands::load);

    private BundleCommands() {}

    private static int bundle(Parsed given, CliContext context) throws IOException {
        var words = new ArrayList<>(List.of("%bundle"));
        String output = given.options()
                .nonEmpty("output")
                .orElseThrow(() -> new UserErrorException("`layerbook bundle` needs an output file: `-o FILE`"));
        words.addAll(List.of("-o", quoted(output)));
        given.options().nonEmpty("platform").ifPresent(its -> words.addAll(List.of("--platform", quoted(its))));
        given.arguments().forEach(image -> words.add(quoted(image)));
        return run(words, context);
    }

    private static int load(Parsed given, CliContext context) throws IOException {
        var words = new ArrayList<>(List.of("docker", "load"));
        given.options().nonEmpty("platform").ifPresent(its -> words.addAll(List.of("--platform", quoted(its))));
        words.addAll(List.of("-i", quoted(given.arguments().getFirst())));
        return run(words, context);
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static int run(List<String> words, CliContext context) throws IOException {
        try (var interrupts = new Interrupts(context.output());
                Interpreter interpreter = context.interpreters().in(Path.of("").toAbsolutePath())) {
            interrupts.end(interpreter);
            String cell = words.stream().collect(Collectors.joining(" "));
            return new CellRunner(interpreter, context.output())
                    .runAll(
                            List.of(CellsFile.Cell.of(cell)),
                            new CellRunner.RunOptions(false, false, interrupts::came));
        }
    }
}
