package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.sandbox.Sandbox;
import org.layerbook.engine.sandbox.Sandboxes;
import org.layerbook.interpreter.testing.SessionScript;

/** The same scripts with real processes, where this machine can run containers and has a static busybox. */
class ContainerSessionsTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/sessions");
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    @TempDir
    private Path temporary;

    @TestFactory
    Stream<DynamicTest> scripts() throws IOException {
        assumeTrue(Files.isExecutable(BUSYBOX), "there is no busybox");
        var settings = new Sandboxes.Settings(
                System.getenv(), temporary.resolve("runtime"), Files.createDirectory(temporary.resolve("run")), "test");
        Sandboxes.Detected detected = Sandboxes.detect(settings);
        assumeTrue(detected.runtime().isPresent(), () -> String.join("; ", detected.notes()));
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            return files.sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(
                            file.getFileName().toString(), () -> check(file, detected.sandbox())));
        }
    }

    private void check(Path file, Sandbox sandbox) throws IOException {
        SessionScript script = SessionScript.read(file);
        Path folder = Files.createDirectories(temporary.resolve(file.getFileName() + "/work"));
        var options = new SessionInterpreter.Options(folder, Optional.of(folder.resolve("book.ipynb")));
        var engine = new WithBusybox(temporary.resolve(file.getFileName() + "/store"), sandbox);
        try (var session = SessionInterpreter.open(options, engine)) {
            String shown = script.run(session, folder, Normal::withoutSizes);
            assertEquals(script.expected(Normal::withoutSizes), shown);
        }
    }

    private static final class WithBusybox extends TestEngine {
        WithBusybox(Path home, Sandbox sandbox) {
            super(home, sandbox);
        }

        @Override
        void fill(Path root, int size) throws IOException {
            super.fill(root, size);
            Files.delete(root.resolve("bin/sh"));
            Files.copy(BUSYBOX, root.resolve("bin/busybox"));
            root.resolve("bin/busybox").toFile().setExecutable(true, false);
            for (String applet : List.of("sh", "echo", "touch", "true", "false", "sleep", "cat")) {
                Files.createSymbolicLink(root.resolve("bin").resolve(applet), Path.of("busybox"));
            }
            // So that the two bases differ, as they do in the scripts.
            Files.write(root.resolve("bin/size"), new byte[size]);
        }
    }
}
