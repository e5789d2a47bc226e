package org.layerbook.engine.sandbox;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ChrootSandboxTest extends SandboxContract {
    @Override
    Sandbox create(Path scratch) throws IOException {
        assumeTrue(Privileges.current().mayChroot(), "needs root");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/unshare")), "needs unshare: install the package util-linux");
        return new ChrootSandbox(Wards.none());
    }

    @Test
    void devicesAreThereAndGoAgain() throws Exception {
        assertFalse(
                sh("echo x > /dev/null && head -c 4 /dev/zero | wc -c").out().isEmpty());
        try (var dev = Files.list(root.resolve("dev"))) {
            assertFalse(dev.findAny().isPresent());
        }
    }
}
