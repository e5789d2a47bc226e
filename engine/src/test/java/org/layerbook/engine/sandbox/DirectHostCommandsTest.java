package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.host.DirectHostCommands;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.engine.host.UserEnvironment;

class DirectHostCommandsTest extends HostCommandsContract {
    private static final int SIGINT = 2;

    @TempDir
    Path dir;

    private DirectHostCommands host;

    @BeforeEach
    void create() {
        host = new DirectHostCommands(dir.resolve("commands"), UserEnvironment.of(System.getenv()));
    }

    @AfterEach
    void leavesNothing() throws IOException {
        assertNoFilesIn(dir.resolve("commands"));
        host.close();
    }

    /** A child inherits what its parent ignores: a shell's background job, for one, ignores SIGINT. */
    @Override
    boolean restoresSigint() throws IOException {
        String ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring("SigIgn:".length()).strip())
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(ignored, 16) & 1 << SIGINT - 1) == 0;
    }

    @Override
    HostCommands host() {
        return host;
    }
}
