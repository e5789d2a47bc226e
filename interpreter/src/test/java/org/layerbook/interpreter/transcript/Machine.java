package org.layerbook.interpreter.transcript;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Something with a {@code docker} on its PATH, in which bash runs a line. */
public interface Machine extends AutoCloseable {
    Script.Ran run(String line) throws IOException;

    @Override
    void close() throws IOException;

    /** Runs bash in {@code folder} with nothing but this environment. */
    static Script.Ran bash(String line, Path folder, Map<String, String> environment) throws IOException {
        Path errors = Files.createTempFile("errors", "");
        try {
            var builder = new ProcessBuilder("/bin/bash", "-c", line)
                    .directory(folder.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectError(errors.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            String stdout;
            try (InputStream out = process.getInputStream()) {
                stdout = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            }
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("still runs: " + line);
            }
            return new Script.Ran(stdout, Files.readString(errors), process.exitValue());
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            Files.delete(errors);
        }
    }
}
