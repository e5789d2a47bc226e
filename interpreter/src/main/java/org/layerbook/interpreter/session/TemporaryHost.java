package org.layerbook.interpreter.session;

import java.io.IOException;
import java.util.Map;
import org.layerbook.engine.sandbox.*;

final class TemporaryHost implements HostCommands {
    public ExitStatus run(HostCommand command, ProcessIo io, Cancellation c) throws IOException {
        var b = new ProcessBuilder(command.argv());
        b.directory(command.directory().toFile());
        var p = b.start();
        p.getInputStream().transferTo(io.stdout());
        p.getErrorStream().transferTo(io.stderr());
        try {
            return ExitStatus.of(p.waitFor());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    public ExitStatus runOnTerminal(HostCommand command, Cancellation cancellation) throws IOException {
        throw new IOException("no");
    }

    public boolean hasTerminal() {
        return false;
    }

    public Map<String, String> environment() {
        return System.getenv();
    }

    public String description() {
        return "temporary";
    }
}
