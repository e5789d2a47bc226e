package org.layerbook.interpreter.session;

import java.io.IOException;
import java.util.Optional;
import org.layerbook.engine.dockerfile.SourceRange;
import org.layerbook.engine.sandbox.Cancellation;
import org.layerbook.engine.sandbox.ExitStatus;
import org.layerbook.engine.sandbox.HostCommand;
import org.layerbook.engine.sandbox.HostCommands;
import org.layerbook.engine.sandbox.ProcessIo;
import org.layerbook.interpreter.CellOutput;

/** Host commands of a cell: their output goes out as it comes. */
final class HostSide {
    private final HostCommands host;
    private final CellOutput output;
    private final Cancellation cancellation;

    HostSide(HostCommands host, CellOutput output, Cancellation cancellation) {
        this.host = host;
        this.output = output;
        this.cancellation = cancellation;
    }

    /** @return the exit status; a program that is not there is 127 */
    int run(HostCommand command, SourceRange place) throws CellFailure {
        try (var stdout = new TextSink(output::stdout);
                var stderr = new TextSink(output::stderr)) {
            ExitStatus status = host.run(command, ProcessIo.outputOnly(stdout, stderr), cancellation);
            if (status.wasCancelled()) {
                throw interrupted(place);
            }
            return status.code();
        } catch (IOException e) {
            if (cancellation.isCancelled()) {
                throw interrupted(place);
            }
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            throw CellFailure.at(place, "SystemError", message, Optional.empty());
        }
    }

    static CellFailure interrupted(SourceRange place) {
        return CellFailure.at(place, "Interrupted", "interrupted", Optional.empty(), 130);
    }
}
