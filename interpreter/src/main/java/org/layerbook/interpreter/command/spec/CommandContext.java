package org.layerbook.interpreter.command.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.concurrent.Cancellation;
import org.layerbook.interpreter.CellOutput;

/**
 * What a docker command runs with: its streams, as a process has them, and the session it belongs to.
 *
 * @param display where rich output goes; empty in a pipe or behind the {@code docker} on a host command's PATH, where
 *     only the streams count
 * @param workingDirectory the user's current folder: relative paths start here
 * @param environment the user's environment
 */
public record CommandContext(
        SessionImages session,
        InputStream stdin,
        OutputStream stdout,
        OutputStream stderr,
        Optional<CellOutput> display,
        Path workingDirectory,
        Map<String, String> environment,
        Cancellation cancellation) {
    /** Writes to standard output, as UTF-8. */
    public void print(String text) throws IOException {
        stdout.write(text.getBytes(StandardCharsets.UTF_8));
        stdout.flush();
    }

    /** Writes to standard error, as UTF-8. */
    public void printError(String text) throws IOException {
        stderr.write(text.getBytes(StandardCharsets.UTF_8));
        stderr.flush();
    }

    /** A path as the user means it. */
    public Path resolve(String path) {
        return workingDirectory.resolve(path).normalize();
    }
}
