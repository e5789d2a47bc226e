package org.layerbook.repl.doctor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.engine.host.HostCommand;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.ProcessIo;

/** Programs on the user's PATH, and what they print. */
final class Programs {
    private final HostCommands host;
    private final Duration patience;

    /** @param patience how long a program may take to answer */
    Programs(HostCommands host, Duration patience) {
        this.host = host;
        this.patience = patience;
    }

    String variable(String name) {
        return host.environment().getOrDefault(name, "");
    }

    Optional<Path> find(String name) {
        for (String folder : variable("PATH").split(":")) {
            Path program = Path.of(folder, name);
            if (folder.startsWith("/") && Files.isExecutable(program) && !Files.isDirectory(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    /** Standard output; empty when the program fails or does not answer in time. */
    Optional<String> ask(List<String> argv) {
        var cancellation = new Cancellation();
        try (var _ = new Timer(cancellation, patience)) {
            var text = new ByteArrayOutputStream();
            var command = new HostCommand(argv, Path.of("/"), host.environment());
            var status = host.run(command, ProcessIo.outputOnly(text, OutputStream.nullOutputStream()), cancellation);
            return status.isSuccess() ? Optional.of(text.toString(StandardCharsets.UTF_8)) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private record Timer(CompletableFuture<Void> end) implements AutoCloseable {
        Timer(Cancellation cancellation, Duration patience) {
            this(CompletableFuture.runAsync(
                    cancellation::cancel,
                    CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)));
        }

        @Override
        public void close() {
            end.cancel(false);
        }
    }
}
