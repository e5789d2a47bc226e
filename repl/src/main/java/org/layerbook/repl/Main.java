package org.layerbook.repl;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.layerbook.engine.host.Isolation;

/** {@code layerbook}, all of it but {@code layerbook kernel --connection-file}. */
public final class Main {
    /** With this variable set, faults of Layerbook itself come with the place in its code. */
    static final String DEBUG = "LAYERBOOK_DEBUG";

    private Main() {}

    public static void main(String[] args) {
        Isolation.begin();
        var screen = new StandardScreen(System.getenv());
        var output = new TerminalOutput(stream(FileDescriptor.out), stream(FileDescriptor.err), screen);
        System.exit(run(args, new CliContext(Interpreters.LOCAL, output, screen, System.in, System.getenv())));
    }

    /** What is shown is UTF-8 whatever the locale says. Nothing is held back: {@link TerminalOutput} flushes. */
    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), false, StandardCharsets.UTF_8);
    }

    static int run(String[] words, CliContext context) {
        try {
            return new CommandLine(
                            CellsCommand.COMMAND,
                            List.of(
                                    RunCommand.COMMAND,
                                    CheckCommand.COMMAND,
                                    BundleCommands.BUNDLE,
                                    BundleCommands.LOAD,
                                    DoctorCommand.COMMAND,
                                    KernelCommands.INSTALL,
                                    KernelCommands.UNINSTALL))
                    .run(words, context);
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            return failed(e, context);
        }
    }

    private static int failed(Throwable fault, CliContext context) {
        TerminalOutput output = context.output();
        if (fault instanceof UserErrorException) {
            output.stderr("layerbook: " + fault.getMessage() + "\n");
            return 1;
        }
        output.stderr("layerbook: internal error: " + fault + "\n(set " + DEBUG + "=1 for a stack trace)\n");
        if (context.environment().containsKey(DEBUG)) {
            fault.printStackTrace(System.err);
        }
        return 1;
    }
}
