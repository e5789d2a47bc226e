package org.layerbook.interpreter.session;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.ProcessIo;
import org.layerbook.interpreter.CellOutput;
import org.layerbook.interpreter.session.output.TextSink;

/** Host commands of a cell: at a terminal they have it to themselves, else their output goes out as it comes. */
final class HostRunner {
    private final HostCommands host;
    private final CellOutput output;
    private final Cancellation cancellation;

    HostRunner(HostCommands host, CellOutput output, Cancellation cancellation) {
        this.host = host;
        this.output = output;
        this.cancellation = cancellation;
    }

    /** @return the exit status; a program that is not there is 127 */
    int run(HostCommand command, InputStream stdin, SourceRange place) throws CellFailureException {
        return status(
                () -> host.hasTerminal() && output.lendTerminal() ? runOnTerminal(command) : runInCell(command, stdin),
                place);
    }

    /** As {@link #run}, but what it reads is given even where there is a terminal. */
    int runWithInput(HostCommand command, InputStream stdin, SourceRange place) throws CellFailureException {
        return status(() -> runInCell(command, stdin), place);
    }

    @FunctionalInterface
    private interface Run {
        ExitStatus run() throws IOException;
    }

    private int status(Run run, SourceRange place) throws CellFailureException {
        try {
            ExitStatus status = run.run();
            if (status.wasCancelled()) {
                throw interrupted(place);
            }
            return status.code();
        } catch (IOException e) {
            if (cancellation.isCancelled()) {
                throw interrupted(place);
            }
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            throw CellFailureException.at(place, "SystemError", message, Optional.empty());
        }
    }

    private ExitStatus runInCell(HostCommand command, InputStream stdin) throws IOException {
        try (var stdout = new TextSink(output::stdout);
                var stderr = new TextSink(output::stderr)) {
            return host.run(command, new ProcessIo(stdin, stdout, stderr), cancellation);
        }
    }

    private ExitStatus runOnTerminal(HostCommand command) throws IOException {
        try {
            return host.runOnTerminal(command, cancellation);
        } finally {
            output.takeTerminalBack();
        }
    }

    static CellFailureException interrupted(SourceRange place) {
        return CellFailureException.at(place, "Interrupted", "interrupted", Optional.empty(), 130);
    }
}
