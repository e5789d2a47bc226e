package org.layerbook.interpreter.magic;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.magic.Magic.Completer;
import org.layerbook.interpreter.magic.Magic.Form;
import org.layerbook.interpreter.view.layout.Numbers;

/** Magics that take a whole cell. */
final class CellMagics {
    /** Options of {@code docker build} that take no value. */
    private static final Set<String> SWITCHES = Set.of(
            "--no-cache", "--pull", "--quiet", "-q", "--rm", "--force-rm", "--squash", "--load", "--push", "--check");

    private CellMagics() {}

    static final List<Magic> ALL = List.of(
            new Magic(
                    List.of("dockerfile"),
                    Form.DOCKERFILE,
                    "[-t NAME] [DIR]",
                    "build the cell as a Dockerfile of its own",
                    """
                    Takes the options of `docker build`; the context is the session's where no folder is given. The
                    session's own build stays as it is.
                    Example: %%dockerfile -t web .""",
                    false,
                    (prefix, hints) -> hints.paths(prefix, true),
                    CellMagics::dockerfile),
            new Magic(
                    List.of("file", "writefile"),
                    Form.CELL,
                    "[-a] FILE",
                    "write the cell into a file of this host",
                    "With -a it is added to the end. Example: %%file app/main.py",
                    false,
                    (prefix, hints) -> hints.paths(prefix, false),
                    CellMagics::file),
            new Magic(
                    List.of("fails"),
                    Form.NESTING,
                    "",
                    "run the rest of the cell, which is expected to fail",
                    "The cell succeeds when it fails, and fails when it does not.",
                    true,
                    Completer.NONE,
                    CellMagics::fails),
            new Magic(
                    List.of("time"),
                    Form.NESTING,
                    "",
                    "run the rest of the cell or line, and say how long it took",
                    "Example: %time docker build .",
                    true,
                    Completer.NONE,
                    CellMagics::time),
            new Magic(
                    List.of("capture"),
                    Form.NESTING,
                    "[NAME]",
                    "run the rest of the cell and show nothing of it",
                    """
                    Failures are shown. With a name, what the cell printed becomes that variable of this session.
                    Example: %%capture log""",
                    true,
                    Completer.NONE,
                    CellMagics::capture));

    private static void dockerfile(MagicCall call, MagicContext context) throws MagicException {
        var words = new ArrayList<String>(List.of("build", "-f", "-"));
        words.addAll(call.words());
        if (!namesContext(call.words())) {
            words.add(context.build().context().toString());
        }
        int status = context.cell().docker(words, body(call));
        if (status != 0) {
            throw new MagicException("the build exited with status " + status, "", status);
        }
    }

    /** Whether the last word is a folder, and not an option or the value of one. */
    private static boolean namesContext(List<String> words) {
        if (words.isEmpty()
                || words.getLast().startsWith("-") && words.getLast().length() > 1) {
            return false;
        }
        String before = words.size() == 1 ? "" : words.get(words.size() - 2);
        return !before.startsWith("-") || before.contains("=") || SWITCHES.contains(before);
    }

    private static String body(MagicCall call) {
        String body = call.body().orElse("");
        return body.isEmpty() || body.endsWith("\n") ? body : body + "\n";
    }

    private static void file(MagicCall call, MagicContext context) throws MagicException {
        String usage = "%%file [-a] FILE";
        boolean append = call.words().contains("-a");
        var others = new ArrayList<>(call.words());
        others.remove("-a");
        if (others.size() != 1) {
            throw new MagicException("`%%" + call.name() + "` needs the name of one file", "write `" + usage + "`");
        }
        Path file = context.host().workingDirectory().resolve(others.getFirst()).normalize();
        boolean there = Files.exists(file);
        String verb = !there ? "Writing " : append ? "Appending to " : "Overwriting ";
        context.print(verb + others.getFirst() + "\n");
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            byte[] content = body(call).getBytes(StandardCharsets.UTF_8);
            if (append) {
                Files.write(file, content, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            } else {
                Files.write(file, content);
            }
        } catch (IOException e) {
            throw new MagicException(FileProblems.sentence(e));
        }
    }

    private static void capture(MagicCall call, MagicContext context) throws MagicException, NestedFailureException {
        if (call.body().isEmpty()) {
            throw new MagicException("`%capture` takes a whole cell", "write `%%capture [NAME]`");
        }
        String usage = "%%capture [NAME]";
        Optional<String> name = call.withoutOptions(usage).atMostOne(usage);
        String text = context.cell().capture(call.body().get(), call.bodyLine());
        if (name.isPresent()) {
            HostMagics.setVariable(name.get(), text.stripTrailing(), context);
        }
    }

    /** The body; what stands behind the name, as its first line. */
    private static void nested(MagicCall call, MagicContext context) throws NestedFailureException {
        if (call.body().isEmpty()) {
            context.cell().run(call.rest(), call.bodyLine() - 1);
        } else if (call.rest().isBlank()) {
            context.cell().run(call.body().get(), call.bodyLine());
        } else {
            context.cell().run(call.rest() + "\n" + call.body().get(), call.bodyLine() - 1);
        }
    }

    private static void fails(MagicCall call, MagicContext context) throws MagicException {
        try {
            nested(call, context);
        } catch (NestedFailureException e) {
            CellResult.Failed failed = e.failed();
            if (failed.name().equals("Interrupted")) {
                throw new MagicException("interrupted", "", failed.exitStatus());
            }
            context.printError(String.join("\n", failed.details()) + "\n");
            context.print("Failed, as expected: " + failed.name()
                    + (failed.exitStatus() == 1 ? "" : ", exit status " + failed.exitStatus()) + ".\n");
            return;
        }
        throw new MagicException(
                "the cell was expected to fail, and did not", "take `%%fails` away if that is as it should be");
    }

    private static void time(MagicCall call, MagicContext context) throws NestedFailureException {
        long start = System.nanoTime();
        try {
            nested(call, context);
        } finally {
            context.print("Took " + Numbers.time(Duration.ofNanos(System.nanoTime() - start)) + ".\n");
        }
    }
}
