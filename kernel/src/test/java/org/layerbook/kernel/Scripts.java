package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tests that are written in another language. */
final class Scripts {
    private Scripts() {}

    /** Runs {@code command} where Jupyter finds the echo kernel; a status that is not 0 fails with what it printed. */
    static void run(Path folder, List<String> command) throws IOException, InterruptedException {
        run(folder, Duration.ofMinutes(5), command);
    }

    /** @param most how long it may take; then it is ended, with all that it started, and has failed */
    static void run(Path folder, Duration most, List<String> command) throws IOException, InterruptedException {
        KernelProcess.install(folder);
        Path log = folder.resolve("log");
        var builder = new ProcessBuilder(command);
        builder.environment().put("JUPYTER_PATH", folder.toString());
        builder.environment().put("PYTHONWARNINGS", "ignore");
        Process process =
                builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
        if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            fail("not done after " + most.toSeconds() + " s:\n" + Files.readString(log));
        }
        int status = process.exitValue();
        assertEquals(0, status, Files.readString(log));
    }
}
