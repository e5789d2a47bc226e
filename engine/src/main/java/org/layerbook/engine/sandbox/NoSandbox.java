package org.layerbook.engine.sandbox;

import java.util.List;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.ProcessIo;

/** Where nothing can run: everything else of Layerbook works, and RUN says what is missing. */
public final class NoSandbox implements Sandbox {
    private final String reason;

    public NoSandbox(List<String> notes) {
        this.reason = String.join("; ", notes);
    }

    @Override
    public ExitStatus run(ProcessSpec spec, ProcessIo io, Cancellation cancellation) throws SandboxException {
        throw new SandboxException("cannot run processes on this machine: " + reason);
    }

    @Override
    public String description() {
        return "none (" + reason + ")";
    }
}
