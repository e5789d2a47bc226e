package org.layerbook.interpreter;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Faults of this program: the user sees one sentence, and whoever mends it finds the trace in a file. */
public final class CrashLog {
    private CrashLog() {}

    /** How a cell ends that ran into a fault. */
    public static CellResult.Failed failed(Throwable fault) {
        String sentence = "internal error: " + fault;
        String trace = write(fault)
                .map(file -> "The build is unchanged. Please report this and attach " + file
                        + ", which contains the stack trace.")
                .orElse("The build is unchanged.");
        return new CellResult.Failed("Internal error", sentence, List.of(sentence, trace), 1);
    }

    /** @return the file with the trace, in the folder for temporary files, only for the user's eyes; absent where it cannot be written */
    private static Optional<Path> write(Throwable fault) {
        try {
            Path file = Files.createTempFile("layerbook-fault-", ".log");
            try (var out = new PrintWriter(Files.newBufferedWriter(file))) {
                out.println(Instant.now() + ", Java " + Runtime.version() + ", " + System.getProperty("os.version"));
                fault.printStackTrace(out);
            }
            return Optional.of(file);
        } catch (IOException | RuntimeException e) {
            return Optional.empty();
        }
    }
}
