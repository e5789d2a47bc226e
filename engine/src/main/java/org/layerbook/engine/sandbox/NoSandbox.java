package org.layerbook.engine.sandbox;

import java.util.List;
import java.util.Optional;

/** Where nothing can run: everything else of Layerbook works, and RUN says what is missing. */
final class NoSandbox implements Sandbox {
    private final String reason;

    NoSandbox(List<String> notes) {
        this.reason = String.join("; ", notes);
    }

    @Override
    public ExitStatus run(ProcessSpec spec, ProcessIo io, Cancellation cancellation) throws SandboxException {
        throw new SandboxException("nothing can be run on this machine: " + reason);
    }

    @Override
    public Optional<String> weaker() {
        return Optional.of("RUN does not work here: " + reason);
    }

    @Override
    public String description() {
        return "none (" + reason + ")";
    }
}
