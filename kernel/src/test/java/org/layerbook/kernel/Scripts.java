package org.layerbook.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Tests that are written in another language. */
final class Scripts {
    private Scripts() {}

    /** Runs {@code command} where Jupyter finds the echo kernel; a status that is not 0 fails with what it printed. */
    static void run(Path folder, List<String> command) throws IOException, InterruptedException {
        KernelProcess.install(folder);
        Path log = folder.resolve("log");
        var builder = new ProcessBuilder(command);
        builder.environment().put("JUPYTER_PATH", folder.toString());
        builder.environment().put("PYTHONWARNINGS", "ignore");
        int status = builder.redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertEquals(0, status, Files.readString(log));
    }
}
