package org.layerbook.interpreter.session;

import java.io.IOException;
import java.util.Map;
import org.layerbook.engine.sandbox.Cancellation;
import org.layerbook.engine.sandbox.ExitStatus;
import org.layerbook.engine.sandbox.HostCommand;
import org.layerbook.engine.sandbox.HostCommands;
import org.layerbook.engine.sandbox.ProcessIo;

/** Host commands in this machine's own shell, as whoever runs the tests. */
final class LocalHost implements HostCommands {
    @Override
    @SuppressWarnings("try") // the registration is only closed
    public ExitStatus run(HostCommand command, ProcessIo io, Cancellation cancellation) throws IOException {
        var process =
                new ProcessBuilder(command.argv()).directory(command.directory().toFile());
        process.environment().clear();
        process.environment().putAll(command.environment());
        Process started = process.start();
        try (var registration = cancellation.onCancel(started::destroyForcibly)) {
            started.getOutputStream().close();
            io.stdout().write(started.getInputStream().readAllBytes());
            io.stderr().write(started.getErrorStream().readAllBytes());
            int status = started.waitFor();
            return cancellation.isCancelled() ? ExitStatus.cancelled() : ExitStatus.of(status);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public ExitStatus runOnTerminal(HostCommand command, Cancellation cancellation) {
        throw new UnsupportedOperationException("a test has no terminal");
    }

    @Override
    public boolean hasTerminal() {
        return false;
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("HOME", "/home/me", "PATH", "/usr/bin:/bin");
    }

    @Override
    public String description() {
        return "this machine's shell";
    }
}
