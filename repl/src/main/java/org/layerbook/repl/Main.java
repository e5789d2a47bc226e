package org.layerbook.repl;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.layerbook.engine.sandbox.Isolation;
import picocli.CommandLine;

/** {@code layerbook}, all of it but {@code layerbook kernel --connection-file}. */
public final class Main {
    /** With this variable set, faults of Layerbook itself come with the place in its code. */
    static final String DEBUG = "LAYERBOOK_DEBUG";

    private Main() {}

    public static void main(String[] args) {
        Isolation.begin();
        var screen = new StandardScreen(System.getenv());
        var output = new TerminalOutput(stream(FileDescriptor.out), stream(FileDescriptor.err), screen);
        int status = run(args, new LayerbookCommand(Interpreters.LOCAL, output, screen, System.in), output);
        System.exit(status);
    }

    /** What is shown is UTF-8 whatever the locale says. Nothing is held back: {@link TerminalOutput} flushes. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }

    static int run(String[] args, LayerbookCommand command, TerminalOutput output) {
        try {
            return new CommandLine(command)
                    // A cell may begin with @, which names no file of arguments here.
                    .setExpandAtFiles(false)
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setParameterExceptionHandler((e, given) -> wrongArguments(e, output))
                    .setExecutionExceptionHandler((e, commandLine, parsed) -> failed(e, output))
                    .execute(args);
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            return failed(e, output);
        }
    }

    private static int wrongArguments(CommandLine.ParameterException e, TerminalOutput output) {
        String name = e.getCommandLine().getCommandSpec().qualifiedName();
        output.stderr("layerbook: " + e.getMessage() + "\n`" + name + " --help` says what there is.\n");
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Throwable fault, TerminalOutput output) {
        if (fault instanceof UserError) {
            output.stderr("layerbook: " + fault.getMessage() + "\n");
            return 1;
        }
        output.stderr("layerbook: a fault in Layerbook itself: " + fault + "\n(" + DEBUG + "=1 says where)\n");
        if (System.getenv(DEBUG) != null) {
            fault.printStackTrace(System.err);
        }
        return 1;
    }
}
