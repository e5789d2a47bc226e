package org.layerbook.interpreter.session;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.ExitStatus;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.ProcessIo;

/** Host commands in this machine's own shell, as whoever runs the tests. */
public final class LocalHost implements HostCommands {
    @Override
    @SuppressWarnings("try") // the registration is only closed
    public ExitStatus run(HostCommand command, ProcessIo io, Cancellation cancellation) throws IOException {
        var process =
                new ProcessBuilder(command.argv()).directory(command.directory().toFile());
        process.environment().clear();
        process.environment().putAll(command.environment());
        Process started = process.start();
        Thread input = Thread.startVirtualThread(() -> copy(io.stdin(), started.getOutputStream()));
        Thread errors = Thread.startVirtualThread(() -> copy(started.getErrorStream(), io.stderr()));
        try (var registration = cancellation.onCancel(started::destroy)) {
            started.getInputStream().transferTo(io.stdout());
            errors.join();
            int status = started.waitFor();
            input.interrupt();
            return cancellation.isCancelled() ? ExitStatus.cancelled() : ExitStatus.of(status);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void copy(InputStream in, OutputStream out) {
        try {
            in.transferTo(out);
            if (out instanceof BufferedOutputStream pipe) {
                pipe.close();
            }
        } catch (IOException e) {
            // The process reads no more.
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
