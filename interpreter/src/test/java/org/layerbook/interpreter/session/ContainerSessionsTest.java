package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.sandbox.Sandbox;
import org.layerbook.engine.sandbox.selection.Sandboxes;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.testing.SessionScript;

/** The same scripts with real processes, where this machine can run containers and has a static busybox. */
class ContainerSessionsTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/sessions");

    @TempDir
    private Path temporary;

    @TestFactory
    Stream<DynamicTest> scripts() throws IOException {
        Sandbox sandbox = sandbox();
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            return files.sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file, sandbox)));
        }
    }

    private Sandbox sandbox() throws IOException {
        assumeTrue(Files.isExecutable(WithBusybox.PROGRAM), "there is no busybox");
        Path scratch = Files.createDirectory(temporary.resolve("run"));
        Sandboxes.Detected detected = Sandboxes.detect(
                new Sandboxes.Settings(System.getenv(), temporary.resolve("runtime"), scratch, temporary, "test"));
        assumeTrue(detected.runtime().isPresent(), () -> String.join("; ", detected.notes()));
        return detected.sandbox();
    }

    @Test
    @Timeout(30)
    void interruptEndsTheContainer() throws Exception {
        Sandbox sandbox = sandbox();
        var engine = new WithBusybox(temporary.resolve("store"), sandbox);
        var options = new SessionInterpreter.Options(temporary, Optional.empty());
        try (var session = SessionInterpreter.open(options, engine);
                var executor = Executors.newSingleThreadExecutor()) {
            var begun = new CountDownLatch(1);
            var output = new SessionScript.Transcript() {
                @Override
                public void stdout(String text) {
                    begun.countDown();
                }
            };
            var cell = new CellRequest(
                    "FROM busybox\nRUN sleep 600 & echo begun; sleep 600", Optional.empty(), Optional.empty());
            var running = executor.submit(() -> session.run(cell, output));
            begun.await();
            session.interrupt();
            var failed = assertInstanceOf(CellResult.Failed.class, running.get());
            assertEquals("Interrupted", failed.name());
            var next = new CellRequest("RUN true", Optional.empty(), Optional.empty());
            assertInstanceOf(CellResult.Ok.class, session.run(next, new SessionScript.Transcript()));
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
}
