package org.layerbook.interpreter.magic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.layerbook.interpreter.magic.Magic.Completer;
import org.layerbook.interpreter.magic.Magic.Form;
import org.layerbook.interpreter.report.StagesReport;

/** Magics that look at or change the session's build. */
final class BuildMagics {
    private BuildMagics() {}

    static final List<Magic> ALL = List.of(
            new Magic(
                    List.of("new"),
                    Form.LINE,
                    "[NAME]",
                    "begin a new build",
                    """
                    The next FROM is the first stage of another image. What was built before stays: with a name it is
                    `@NAME`, and `@NAME/STAGE` one of its stages.
                    Example: %new web""",
                    true,
                    Completer.NONE,
                    BuildMagics::begin),
            new Magic(
                    List.of("undo"),
                    Form.LINE,
                    "[N]",
                    "take back the last cell that changed the build, or the last N",
                    """
                    What a cell did outside the build (files of this host, tags, pushed images) is not taken back.
                    Example: %undo 2""",
                    false,
                    Completer.NONE,
                    BuildMagics::undo),
            new Magic(
                    List.of("reset"),
                    Form.LINE,
                    "",
                    "forget every build of this session",
                    "Stored images and the cache stay; `@[N]` goes on naming what In[N] made.",
                    false,
                    Completer.NONE,
                    (call, context) -> {
                        call.atMostOne("%reset");
                        context.build().reset();
                    }),
            new Magic(
                    List.of("replay"),
                    Form.LINE,
                    "",
                    "run the stale cells again, in their order",
                    """
                    When a cell is run again, those after it leave the build. This brings them back on top of what stands
                    now, each in the build that it belongs to. Without stale cells, every cell runs again, and what has
                    not changed comes from the cache. Only what builds is done: no host command, no docker command.""",
                    false,
                    Completer.NONE,
                    BuildMagics::replay),
            new Magic(
                    List.of("load"),
                    Form.LINE,
                    "FILE [--until N]",
                    "carry out the instructions of a Dockerfile in this session",
                    """
                    With --until, those up to line N of the file.
                    Example: %load app/Dockerfile --until 12""",
                    true,
                    (prefix, hints) -> hints.paths(prefix, false),
                    BuildMagics::load),
            new Magic(
                    List.of("stages"),
                    Form.LINE,
                    "",
                    "list the stages of this session",
                    "Each with the name that commands know it by: `docker history @builder`.",
                    false,
                    Completer.NONE,
                    BuildMagics::stages),
            new Magic(
                    List.of("dockerfile"),
                    Form.LINE,
                    "[-o FILE]",
                    "the session as a Dockerfile",
                    """
                    Built alone, it gives the same image: arguments have the values that were used as their defaults.
                    Example: %dockerfile -o Dockerfile""",
                    false,
                    (prefix, hints) -> hints.paths(prefix, false),
                    BuildMagics::dockerfile),
            new Magic(
                    List.of("context"),
                    Form.LINE,
                    "[DIR]",
                    "the folder that COPY and ADD read from",
                    """
                    Without a folder it says which one that is. At first it is the folder of the notebook.
                    Example: %context app""",
                    true,
                    (prefix, hints) -> hints.paths(prefix, true),
                    BuildMagics::context),
            new Magic(
                    List.of("args"),
                    Form.LINE,
                    "[NAME=VALUE ...] [-NAME ...]",
                    "set build arguments, as --build-arg does",
                    """
                    They hold for the ARGs that come after. `-NAME` takes one back; alone it lists them.
                    Example: %args VERSION=3.20""",
                    true,
                    Completer.NONE,
                    BuildMagics::args));

    private static void begin(MagicCall call, MagicContext context) throws MagicException {
        Optional<String> name = call.withoutOptions("%new [NAME]").atMostOne("%new [NAME]");
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
        String number = call.atMostOne("%undo [N]").orElse("1");
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
        call.atMostOne("%replay");
        BuildPort.Replayed replayed = context.build().replay();
        if (!replayed.waiting().isEmpty()) {
            context.print("Still stale, because their build is gone: " + String.join(", ", replayed.waiting())
                    + ". Running such a cell adds it to the live build.\n");
        } else if (replayed.cells().isEmpty()) {
            context.print("There is nothing to replay.\n");
        }
    }

    private static void load(MagicCall call, MagicContext context) throws MagicException, NestedFailureException {
        String usage = "%load FILE [--until N]";
        MagicCall.Split split = call.option("--until", usage);
        Optional<String> until = split.value();
        if (until.isPresent() && !until.get().matches("[1-9]\\d{0,8}")) {
            throw new MagicException("`" + until.get() + "` is not a line number", "write `" + usage + "`");
        }
        String file = split.others().withoutOptions(usage).exactlyOne(usage);
        context.build().load(context.host().workingDirectory().resolve(file).normalize(), until.map(Integer::parseInt));
    }

    private static void stages(MagicCall call, MagicContext context) throws MagicException {
        call.atMostOne("%stages");
        StagesReport report = context.build().stages();
        if (report.stages().isEmpty()) {
            context.print("There is no stage yet: begin with FROM.\n");
        } else {
            context.show(report);
        }
    }

    private static void dockerfile(MagicCall call, MagicContext context) throws MagicException {
        String usage = "%dockerfile [-o FILE]";
        MagicCall.Split split = call.option("-o", usage);
        split.others().withoutOptions(usage);
        if (!split.others().words().isEmpty()) {
            throw new MagicException(
                    "`%dockerfile` prints this session",
                    "to run a Dockerfile of its own, begin the cell with `%%dockerfile`");
        }
        String text = context.build().dockerfile();
        if (split.value().isEmpty()) {
            context.print(text);
            return;
        }
        Path file =
                context.host().workingDirectory().resolve(split.value().get()).normalize();
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        }
        context.print("Wrote " + split.value().get() + "\n");
    }

    private static void context(MagicCall call, MagicContext context) throws MagicException {
        Optional<String> folder = call.withoutOptions("%context [DIR]").atMostOne("%context [DIR]");
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
