package org.layerbook.engine.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ProotSandboxTest extends SandboxContract {
    private static final Path PROOT = Path.of("/usr/bin/proot");

    @Override
    Sandbox create(Path scratch) {
        assumeTrue(Files.isExecutable(PROOT), "needs proot: install the package proot");
        return new ProotSandbox(PROOT, true, scratch, scratch, ProcessRecords.none());
    }

    @Test
    void theLoaderIsFoundBehindTheScriptOfTheInstaller() throws Exception {
        Path bin = Files.createDirectory(dir.resolve("bin"));
        Path library = Files.createDirectory(bin.resolve("proot.lib"));
        Files.copy(PROOT, library.resolve("proot"));
        Path script = Files.writeString(bin.resolve("proot"), "#!/bin/sh\nexec ld.so proot.lib/proot \"$@\"\n");
        Path expected = ProotLoader.extract(PROOT, dir).orElseThrow();
        Path found = ProotLoader.extract(script, bin).orElseThrow();
        assertEquals(-1, Files.mismatch(expected, found));
    }
}
