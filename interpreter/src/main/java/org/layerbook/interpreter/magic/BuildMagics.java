package org.layerbook.interpreter.magic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.command.option.OptionSpec.Kind;
import org.layerbook.interpreter.report.StagesReport;

/** Magics that look at or change the session's build. */
final class BuildMagics {
    private BuildMagics() {}

    static final List<Magic> ALL = List.of(
            MagicDefinition.line("new")
                    .takes("[NAME]", Arity.atMost(1))
                    .summary("Start a new build")
                    .help("""
                    The next FROM starts the first stage of another image. Earlier builds are kept: a named one is `@NAME`, and its
                    stages are `@NAME/STAGE`.
                    Example: %new web""")
                    .changesBuild()
                    .does(BuildMagics::begin),
            MagicDefinition.line("undo")
                    .takes("[N]", Arity.atMost(1))
                    .summary("Undo the last cell that changed the build, or the last N")
                    .help("""
                    Changes outside the build (files on this host, tags, pushed images) are not undone.
                    Example: %undo 2""")
                    .does(BuildMagics::undo),
            MagicDefinition.line("reset")
                    .summary("Discard all builds of this session")
                    .help("Stored images and the cache are kept; `@[N]` still refers to the image after In [N].")
                    .does((call, context) -> context.build().reset()),
            MagicDefinition.line("replay")
                    .summary("Rerun the stale cells in order")
                    .help("""
                    Rerunning a cell removes the steps of later cells from the build. This adds them again on top of the current image,
                    each to its own build. If no cell is stale, all cells are rerun, and unchanged steps come from the cache. Only build
                    steps are run: no host commands and no docker commands.""")
                    .does(BuildMagics::replay),
            MagicDefinition.line("load")
                    .takes(
                            "FILE [--until N]",
                            Arity.exactly(1),
                            OptionSpec.of(Kind.NUMBER, "N", "until", "Run only the instructions up to line N"))
                    .summary("Run the instructions of a Dockerfile in this session")
                    .help("""
                    With --until, only those up to line N of the file.
                    Example: %load app/Dockerfile --until 12""")
                    .changesBuild()
                    .completes((prefix, hints) -> hints.paths(prefix, false))
                    .does(BuildMagics::load),
            MagicDefinition.line("stages")
                    .summary("List the stages of this session")
                    .help("Each is listed with its name for commands, as in `docker history @builder`.")
                    .does(BuildMagics::stages),
            MagicDefinition.line("dockerfile")
                    .takes(
                            "[-o FILE]",
                            Arity.ANY,
                            OptionSpec.of(Kind.TEXT, "FILE", 'o', "output", "Write to a file, instead of STDOUT")
                                    .files())
                    .summary("Print the session as a Dockerfile")
                    .help("""
                    Building it gives the same image: the values used become the ARG defaults.
                    Example: %dockerfile -o Dockerfile""")
                    .completes((prefix, hints) -> hints.paths(prefix, false))
                    .does(BuildMagics::dockerfile),
            MagicDefinition.line("context")
                    .takes("[DIR]", Arity.atMost(1))
                    .summary("Set the build context, the directory that COPY and ADD read from")
                    .help("""
                    Without an argument, prints the build context. The default is the directory of the notebook.
                    Example: %context app""")
                    .changesBuild()
                    .completes((prefix, hints) -> hints.paths(prefix, true))
                    .does(BuildMagics::context),
            MagicDefinition.line("args")
                    .takesWords("[NAME=VALUE ...] [-NAME ...]")
                    .summary("Set build arguments, like --build-arg")
                    .help("""
                    They apply to the ARGs that follow. `-NAME` removes one. Without an argument, lists them.
                    Example: %args VERSION=3.20""")
                    .changesBuild()
                    .does(BuildMagics::args));

    private static void begin(MagicCall call, MagicContext context) throws MagicException {
        Optional<String> name = call.argument();
        if (name.isPresent() && !name.get().matches("[A-Za-z][\\w.-]*")) {
            throw new MagicException(
                    "invalid build name `" + name.get() + "`",
                    "a name starts with a letter, followed by letters, digits, `.`, `_` or `-`");
        }
        if (context.build().begin(name)) {
            context.print("Replaced the earlier build " + name.orElseThrow() + ".\n");
        }
    }

    private static void undo(MagicCall call, MagicContext context) throws MagicException {
        String number = call.argument().orElse("1");
        if (!number.matches("[1-9]\\d{0,8}")) {
            throw new MagicException("invalid number of cells `" + number + "`", "write `%undo` or `%undo 2`");
        }
        List<String> undone = context.build().undo(Integer.parseInt(number));
        if (undone.isEmpty()) {
            context.print("Nothing to undo.\n");
        } else {
            context.print("Undid " + String.join(", ", undone) + ". "
                    + context.build().standing() + "\n");
        }
    }

    private static void replay(MagicCall call, MagicContext context) throws MagicException, NestedFailureException {
        BuildPort.Replayed replayed = context.build().replay();
        if (!replayed.waiting().isEmpty()) {
            context.print("Still stale, because their build no longer exists: " + String.join(", ", replayed.waiting())
                    + ". Run such a cell to add it to the live build.\n");
        } else if (replayed.cells().isEmpty()) {
            context.print("Nothing to replay.\n");
        }
    }

    private static void load(MagicCall call, MagicContext context) throws MagicException, NestedFailureException {
        Optional<String> until = call.options().text("until");
        if (until.isPresent() && !until.get().matches("[1-9]\\d{0,8}")) {
            throw new MagicException("invalid line number `" + until.get() + "`", "line numbers start at 1");
        }
        String file = call.words().getFirst();
        context.build().load(context.host().workingDirectory().resolve(file).normalize(), until.map(Integer::parseInt));
    }

    private static void stages(MagicCall call, MagicContext context) throws MagicException {
        StagesReport report = context.build().stages();
        if (report.stages().isEmpty()) {
            context.print("No stage yet: start with FROM.\n");
        } else {
            context.show(report);
        }
    }

    private static void dockerfile(MagicCall call, MagicContext context) throws MagicException {
        if (!call.words().isEmpty()) {
            throw new MagicException(
                    "`%dockerfile` prints this session",
                    "to build a separate Dockerfile, start the cell with `%%dockerfile`");
        }
        String text = context.build().dockerfile();
        Optional<String> output = call.options().nonEmpty("output");
        if (output.isEmpty()) {
            context.print(text);
            return;
        }
        Path file = context.host().workingDirectory().resolve(output.get()).normalize();
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        }
        context.print("Wrote " + output.get() + "\n");
    }

    private static void context(MagicCall call, MagicContext context) throws MagicException {
        Optional<String> folder = call.argument();
        if (folder.isEmpty()) {
            context.print(context.build().context() + "\n");
            return;
        }
        Path path = context.host().workingDirectory().resolve(folder.get()).normalize();
        if (!Files.isDirectory(path)) {
            throw new MagicException(
                    path + (Files.exists(path) ? " is not a directory" : " does not exist"),
                    "a build context is a directory");
        }
        context.build().setContext(path);
    }

    private static void args(MagicCall call, MagicContext context) throws MagicException {
        Map<String, String> args = new LinkedHashMap<>(context.build().args());
        for (String word : call.words()) {
            int equals = word.indexOf('=');
            if (word.startsWith("-")) {
                args.remove(word.substring(1));
            } else if (equals <= 0) {
                throw new MagicException("invalid build argument `" + word + "`", "write `%args " + word + "=VALUE`");
            } else {
                args.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        if (call.words().isEmpty()) {
            context.print(args.isEmpty() ? "No build arguments.\n" : lines(args));
        } else {
            context.build().setArgs(args);
        }
    }

    static String lines(Map<String, String> values) {
        return values.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
