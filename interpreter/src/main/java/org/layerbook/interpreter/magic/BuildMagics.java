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
                    .summary("begin a new build")
                    .help("""
                    The next FROM is the first stage of another image. What was built before stays: with a name it is
                    `@NAME`, and `@NAME/STAGE` one of its stages.
                    Example: %new web""")
                    .changesBuild()
                    .does(BuildMagics::begin),
            MagicDefinition.line("undo")
                    .takes("[N]", Arity.atMost(1))
                    .summary("take back the last cell that changed the build, or the last N")
                    .help("""
                    What a cell did outside the build (files of this host, tags, pushed images) is not taken back.
                    Example: %undo 2""")
                    .does(BuildMagics::undo),
            MagicDefinition.line("reset")
                    .summary("forget every build of this session")
                    .help("Stored images and the cache stay; `@[N]` goes on naming what In[N] made.")
                    .does((call, context) -> context.build().reset()),
            MagicDefinition.line("replay")
                    .summary("run the stale cells again, in their order")
                    .help("""
                    When a cell is run again, those after it leave the build. This brings them back on top of what stands
                    now, each in the build that it belongs to. Without stale cells, every cell runs again, and what has
                    not changed comes from the cache. Only what builds is done: no host command, no docker command.""")
                    .does(BuildMagics::replay),
            MagicDefinition.line("load")
                    .takes(
                            "FILE [--until N]",
                            Arity.exactly(1),
                            OptionSpec.of(Kind.NUMBER, "N", "until", "Only the instructions up to line N"))
                    .summary("carry out the instructions of a Dockerfile in this session")
                    .help("""
                    With --until, those up to line N of the file.
                    Example: %load app/Dockerfile --until 12""")
                    .changesBuild()
                    .completes((prefix, hints) -> hints.paths(prefix, false))
                    .does(BuildMagics::load),
            MagicDefinition.line("stages")
                    .summary("list the stages of this session")
                    .help("Each with the name that commands know it by: `docker history @builder`.")
                    .does(BuildMagics::stages),
            MagicDefinition.line("dockerfile")
                    .takes(
                            "[-o FILE]",
                            Arity.ANY,
                            OptionSpec.of(Kind.TEXT, "FILE", 'o', "output", "Write it to a file")
                                    .files())
                    .summary("the session as a Dockerfile")
                    .help("""
                    Built alone, it gives the same image: arguments have the values that were used as their defaults.
                    Example: %dockerfile -o Dockerfile""")
                    .completes((prefix, hints) -> hints.paths(prefix, false))
                    .does(BuildMagics::dockerfile),
            MagicDefinition.line("context")
                    .takes("[DIR]", Arity.atMost(1))
                    .summary("the folder that COPY and ADD read from")
                    .help("""
                    Without a folder it says which one that is. At first it is the folder of the notebook.
                    Example: %context app""")
                    .changesBuild()
                    .completes((prefix, hints) -> hints.paths(prefix, true))
                    .does(BuildMagics::context),
            MagicDefinition.line("args")
                    .takesWords("[NAME=VALUE ...] [-NAME ...]")
                    .summary("set build arguments, as --build-arg does")
                    .help("""
                    They hold for the ARGs that come after. `-NAME` takes one back; alone it lists them.
                    Example: %args VERSION=3.20""")
                    .changesBuild()
                    .does(BuildMagics::args));

    private static void begin(MagicCall call, MagicContext context) throws MagicException {
        Optional<String> name = call.argument();
        if (name.isPresent() && !name.get().matches("[A-Za-z][\\w.-]*")) {
            throw new MagicException(
                    "`" + name.get() + "` cannot name a build",
                    "a name begins with a letter, then letters, digits, . _ -");
        }
        if (context.build().begin(name)) {
            context.print("The earlier build " + name.orElseThrow() + " gives way to this one.\n");
        }
    }

    private static void undo(MagicCall call, MagicContext context) throws MagicException {
        String number = call.argument().orElse("1");
        if (!number.matches("[1-9]\\d{0,8}")) {
            throw new MagicException("`" + number + "` is not a number of cells", "write `%undo` or `%undo 2`");
        }
        List<String> undone = context.build().undo(Integer.parseInt(number));
        if (undone.isEmpty()) {
            context.print("There is nothing to undo.\n");
        } else {
            context.print("Taken back: " + String.join(", ", undone) + ". "
                    + context.build().standing() + "\n");
        }
    }

    private static void replay(MagicCall call, MagicContext context) throws MagicException, NestedFailureException {
        BuildPort.Replayed replayed = context.build().replay();
        if (!replayed.waiting().isEmpty()) {
            context.print("Still stale, because their build is gone: " + String.join(", ", replayed.waiting())
                    + ". Running such a cell adds it to the live build.\n");
        } else if (replayed.cells().isEmpty()) {
            context.print("There is nothing to replay.\n");
        }
    }

    private static void load(MagicCall call, MagicContext context) throws MagicException, NestedFailureException {
        Optional<String> until = call.options().text("until");
        if (until.isPresent() && !until.get().matches("[1-9]\\d{0,8}")) {
            throw new MagicException("`" + until.get() + "` is not a line number", "the first line is 1");
        }
        String file = call.words().getFirst();
        context.build().load(context.host().workingDirectory().resolve(file).normalize(), until.map(Integer::parseInt));
    }

    private static void stages(MagicCall call, MagicContext context) throws MagicException {
        StagesReport report = context.build().stages();
        if (report.stages().isEmpty()) {
            context.print("There is no stage yet: begin with FROM.\n");
        } else {
            context.show(report);
        }
    }

    private static void dockerfile(MagicCall call, MagicContext context) throws MagicException {
        if (!call.words().isEmpty()) {
            throw new MagicException(
                    "`%dockerfile` prints this session",
                    "to run a Dockerfile of its own, begin the cell with `%%dockerfile`");
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
                    path + (Files.exists(path) ? " is not a folder" : " does not exist"),
                    "a build context is a folder");
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
                throw new MagicException("`" + word + "` sets nothing", "write `%args " + word + "=VALUE`");
            } else {
                args.put(word.substring(0, equals), word.substring(equals + 1));
            }
        }
        if (call.words().isEmpty()) {
            context.print(args.isEmpty() ? "There are no build arguments.\n" : lines(args));
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
