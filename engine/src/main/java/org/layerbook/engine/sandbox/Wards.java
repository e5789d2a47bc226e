package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where no namespace ends what runs in a sandbox when this process is killed, the launcher's helper does: each running
 * process is written down for it, in a file with its number and its root.
 */
final class Wards {
    private final Optional<Path> directory;

    private Wards(Optional<Path> directory) {
        this.directory = directory;
    }

    static Wards of(Isolation isolation) {
        return new Wards(isolation
                .directory()
                .filter(_ -> isolation.mode() == Isolation.Mode.NONE)
                .map(d -> d.resolve("wards")));
    }

    static Wards none() {
        return new Wards(Optional.empty());
    }

    interface Ward extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /** To be closed when the process has ended. */
    Ward take(Process process, Path rootfs) throws IOException {
        if (directory.isEmpty()) {
            return () -> {};
        }
        Path file = Files.createDirectories(directory.get()).resolve(Long.toString(process.pid()));
        Files.write(file, (process.pid() + " " + rootfs + "\n").getBytes(StandardCharsets.UTF_8));
        return () -> Files.deleteIfExists(file);
    }
}
