package org.layerbook.engine.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

class ProotSandboxTest extends SandboxContract {
    @Override
    Sandbox create(Path scratch) {
        Path proot = Path.of("/usr/bin/proot");
        assumeTrue(Files.isExecutable(proot), "needs proot: install the package proot");
        return new ProotSandbox(proot, true, scratch, scratch, ProcessRecords.none());
    }
}
