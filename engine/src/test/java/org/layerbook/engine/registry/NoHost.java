package org.layerbook.engine.registry;

import java.io.IOException;
import java.util.Map;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.ProcessIo;

/** A host on which nothing is expected to run. */
final class NoHost implements HostCommands {
    @Override
    public ExitStatus run(HostCommand command, ProcessIo io, Cancellation cancellation) throws IOException {
        throw new IOException("not expected to run: " + command.argv());
    }

    @Override
    public ExitStatus runOnTerminal(HostCommand command, Cancellation cancellation) throws IOException {
        throw new IOException("not expected to run: " + command.argv());
    }

    @Override
    public boolean hasTerminal() {
        return false;
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public String description() {
        return "none";
    }
}
