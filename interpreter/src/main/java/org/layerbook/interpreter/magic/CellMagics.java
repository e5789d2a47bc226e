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
import org.layerbook.interpreter.command.option.Arity;
import org.layerbook.interpreter.command.option.OptionSpec;
import org.layerbook.interpreter.magic.Magic.Form;
import org.layerbook.interpreter.view.layout.Numbers;

/** Magics that take a whole cell. */
final class CellMagics {
    /** Options of {@code docker build} that take no value. */
    private static final Set<String> SWITCHES = Set.of(
            "--no-cache", "--pull", "--quiet", "-q", "--rm", "--force-rm", "--squash", "--load", "--push", "--check");

    private CellMagics() {}

    static final List<Magic> ALL = List.of(
            MagicDefinition.of(Form.DOCKERFILE, "dockerfile")
                    .takesProgram("[-t NAME] [DIR]")
                    .summary("Build the cell as a separate Dockerfile")
                    .help("""
                    Takes the options of `docker build`; DIR defaults to the session's build context. The session's own build is
                    unchanged.
                    Example: %%dockerfile -t web .""")
                    .completes((prefix, hints) -> hints.paths(prefix, true))
                    .does(CellMagics::dockerfile),
            MagicDefinition.of(Form.CELL, "file", "writefile")
                    .takes("[-a] FILE", Arity.exactly(1), OptionSpec.toggle('a', "append", "Append to the file"))
                    .summary("Write the cell to a file on this host")
                    .help("With -a, appends to the file. Example: %%file app/main.py")
                    .completes((prefix, hints) -> hints.paths(prefix, false))
                    .does(CellMagics::file),
            MagicDefinition.of(Form.NESTING, "fails")
                    .takesWords("")
                    .summary("Run the rest of the cell and expect it to fail")
                    .help("The cell succeeds if the rest fails, and fails if the rest succeeds.")
                    .changesBuild()
                    .does(CellMagics::fails),
            MagicDefinition.of(Form.NESTING, "time")
                    .takesWords("")
                    .summary("Run the rest of the cell or line and print the time it took")
                    .help("Example: %time docker build .")
                    .changesBuild()
                    .does(CellMagics::time),
            MagicDefinition.of(Form.NESTING, "capture")
                    .takes("[NAME]", Arity.atMost(1))
                    .summary("Run the rest of the cell without showing its output")
                    .help("""
                    Failures are shown. With a name, the output is stored in that variable of this session.
                    Example: %%capture log""")
                    .changesBuild()
                    .does(CellMagics::capture));

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
        boolean append = call.options().on("append");
        String name = call.words().getFirst();
        Path file = context.host().workingDirectory().resolve(name).normalize();
        boolean there = Files.exists(file);
        String verb = !there ? "Writing " : append ? "Appending to " : "Overwriting ";
        context.print(verb + name + "\n");
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
            throw new MagicException("`%capture` is a cell magic", "write `%%capture [NAME]`");
        }
        Optional<String> name = call.argument();
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
                "the cell was expected to fail, but succeeded", "remove `%%fails` if it should succeed");
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
