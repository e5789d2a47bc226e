package org.layerbook.repl;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.layerbook.interpreter.Interpreter;

/** {@code layerbook} with scripted sessions, as a process of its own. The first argument is the folder of the history. */
final class PromptMain {
    private PromptMain() {}

    public static void main(String[] args) {
        var interpreters = new Interpreters() {
            @Override
            public Interpreter in(Path folder) {
                return new ScriptedInterpreter();
            }

            @Override
            public Interpreter over(Path notebook) {
                return new ScriptedInterpreter();
            }
        };
        var screen = new StandardScreen(System.getenv());
        var output = new TerminalOutput(
                new PrintStream(System.out, false, StandardCharsets.UTF_8),
                new PrintStream(System.err, false, StandardCharsets.UTF_8),
                screen);
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        var context = new CliContext(interpreters, output, screen, System.in, Map.of("LAYERBOOK_HOME", args[0]));
        System.exit(Main.run(rest, context));
    }
}
