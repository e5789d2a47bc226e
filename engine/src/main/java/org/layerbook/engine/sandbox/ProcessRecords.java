package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.layerbook.engine.host.Isolation;

/**
 * Where no namespace ends what runs in a sandbox when this process is killed, the launcher's helper does. For it each process
 * writes down its number and its root, before it becomes what it is to run; when the helper has begun to clean up it can no
 * longer, and does not begin.
 */
public final class ProcessRecords {
    /** {@code $1}: the file; {@code $2}: the root; the rest: the command. */
    private static final String WRITE_DOWN = "echo \"$$ $2\" >\"$1\" && shift 2 && exec \"$@\"";

    private final Optional<Path> directory;
    private final AtomicInteger counter = new AtomicInteger();

    private ProcessRecords(Optional<Path> directory) {
        this.directory = directory;
    }

    public static ProcessRecords of(Isolation isolation) {
        return new ProcessRecords(
                isolation.directory().filter(_ -> isolation.leavesProcesses()).map(d -> d.resolve("wards")));
    }

    public static ProcessRecords none() {
        return new ProcessRecords(Optional.empty());
    }

    interface Ward extends AutoCloseable {
        @Override
        void close() throws IOException;
    }

    /** Changes what {@code builder} starts. To be closed when the process has ended. */
    Ward take(ProcessBuilder builder, Path rootfs) throws IOException {
        if (directory.isEmpty()) {
            return () -> {};
        }
        Path file = Files.createDirectories(directory.get()).resolve(Integer.toString(counter.incrementAndGet()));
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", WRITE_DOWN, "sh", file.toString(), rootfs.toString()));
        command.addAll(builder.command());
        builder.command(command);
        return () -> Files.deleteIfExists(file);
    }
}
