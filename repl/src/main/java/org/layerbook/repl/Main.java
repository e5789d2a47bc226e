package org.layerbook.repl;

import org.layerbook.interpreter.session.Sessions;
import picocli.CommandLine;

/** {@code layerbook}, all of it but {@code layerbook kernel --connection-file}. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        var output = TerminalOutput.standard();
        int status = run(args, new LayerbookCommand(Sessions::open, output), output);
        System.out.flush();
        System.exit(status);
    }

    static int run(String[] args, LayerbookCommand command, TerminalOutput output) {
        return new CommandLine(command)
                .setExecutionExceptionHandler((e, commandLine, parsed) -> {
                    if (e instanceof UserError) {
                        output.stderr("layerbook: " + e.getMessage() + "\n");
                        return 1;
                    }
                    throw e;
                })
                .execute(args);
    }
}
