package org.layerbook.interpreter.magic;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.layerbook.interpreter.magic.Magic.Form;

/** Magics that run a cell, or a line, as a script of this host. */
final class ScriptMagics {
    private static final Set<String> SHELLS = Set.of("bash", "sh", "dash", "zsh", "ksh");
    /** IPython's, which keep what the script prints, or let it run beside the notebook. */
    private static final Set<String> NOT_HERE = Set.of("--bg", "--out", "--err", "--proc");

    private static final String NO_RAISE = "--no-raise-error";

    private ScriptMagics() {}

    static final List<Magic> ALL = List.of(
            shell("bash", "bash"),
            shell("sh", "/bin/sh"),
            MagicDefinition.of(Form.CELL, "script")
                    .takesProgram("[--no-raise-error] PROGRAM [ARGUMENT ...]")
                    .summary("Run the cell with a program on this host")
                    .help("A shell runs it as `%%bash` does. With --no-raise-error, a failure does not stop the run."
                            + " Example: %%script python3")
                    .does(ScriptMagics::script),
            MagicDefinition.line("system", "sx")
                    .takesProgram("COMMAND")
                    .summary("Run a command on this host")
                    .help("The same as `!COMMAND`.")
                    .does((call, context) -> context.cell().run("!" + call.rest(), call.bodyLine() - 1)),
            MagicDefinition.of(Form.SCRIPT, "!", "system", "sx")
                    .takesProgram("")
                    .summary("Run the cell in bash on this host")
                    .help("Like `%%bash`, but a failure does not stop the run: the exit status is shown, as after `!`.")
                    .does(ScriptMagics::commands));

    private static Magic shell(String name, String shell) {
        return MagicDefinition.of(Form.SCRIPT, name)
                .takesProgram("[OPTION ...]")
                .summary("Run the cell in " + name + " on this host")
                .help("Runs on the host, as the user. Options are passed to the shell. Example: %%" + name + " -e")
                .does((call, context) -> {
                    var argv = new ArrayList<String>(List.of(shell));
                    argv.addAll(call.words());
                    run(argv, call, context);
                });
    }

    private static void script(MagicCall call, MagicContext context) throws MagicException {
        if (call.words().stream().allMatch(word -> word.startsWith("-"))) {
            throw new MagicException("`%%script` needs a program", "write `%%script PROGRAM`");
        }
        run(call.words(), call, context);
    }

    /** @param words the program's, among them options of the magic */
    private static void run(List<String> words, MagicCall call, MagicContext context) throws MagicException {
        var argv = new ArrayList<>(words);
        boolean raises = !argv.remove(NO_RAISE);
        for (String word : argv) {
            if (NOT_HERE.contains(word.replaceFirst("=.*", ""))) {
                throw new MagicException(
                        "`%%" + call.name() + "` has no option `" + word + "`",
                        "`%%capture NAME` stores the output of a cell");
            }
        }
        int status = execute(argv, call.body().orElse(""), context);
        if (status != 0 && raises) {
            throw new MagicException("the script exited with status " + status, "", status);
        }
    }

    private static int execute(List<String> argv, String body, MagicContext context) throws MagicException {
        if (!SHELLS.contains(argv.getFirst().replaceFirst("^/(?:usr/)?bin/", ""))) {
            return context.host().run(argv, body.isEmpty() || body.endsWith("\n") ? body : body + "\n");
        }
        // A shell that read the script would share its input with the commands in it.
        var all = new ArrayList<>(argv);
        all.addAll(List.of("-c", body));
        return context.host().run(all);
    }

    private static void commands(MagicCall call, MagicContext context) throws MagicException {
        int status = context.host()
                .run(List.of("bash", "-c", call.rest() + "\n" + call.body().orElse("")));
        if (status != 0) {
            context.printError("exit status " + status + "\n");
        }
    }
}
