package org.layerbook.interpreter.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.layerbook.engine.sandbox.Sandbox;

/** With a static busybox in the base images, so that real containers run. */
class WithBusybox extends TestEngine {
    static final Path PROGRAM = Path.of("/bin/busybox");

    WithBusybox(Path home, Sandbox sandbox) {
        super(home, sandbox);
    }

    @Override
    void fill(Path root, int size) throws IOException {
        super.fill(root, size);
        Files.delete(root.resolve("bin/sh"));
        Files.copy(PROGRAM, root.resolve("bin/busybox"));
        root.resolve("bin/busybox").toFile().setExecutable(true, false);
        for (String applet : List.of("sh", "echo", "touch", "true", "false", "sleep", "cat")) {
            Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
        }
        // So that the two bases differ, as they do in the scripts.
        Files.write(root.resolve("bin/size"), new byte[size]);
    }
}
