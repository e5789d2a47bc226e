package org.layerbook.engine.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class DirectHostCommandsTest extends HostCommandsContract {
    @TempDir
    Path dir;

    private DirectHostCommands host;

    @BeforeEach
    void create() {
        host = new DirectHostCommands(dir.resolve("commands"), PersonEnvironment.of(System.getenv()));
    }

    @AfterEach
    void leavesNothing() throws IOException {
        assertNoFilesIn(dir.resolve("commands"));
        host.close();
    }

    @Override
    HostCommands host() {
        return host;
    }
}
