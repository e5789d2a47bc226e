package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.host.DirectHostCommands;
import org.layerbook.engine.host.HostCommands;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.testing.SessionScript;

/** Interrupting a cell whose shell waits for a docker command, which waits for the shell. */
class ShellInterruptTest {
    @TempDir
    private Path temporary;

    @Test
    @Timeout(30)
    void interruptEndsBothSides() throws Exception {
        Path pipes = Files.createDirectory(temporary.resolve("pipes"));
        try (var host = new DirectHostCommands(pipes, System.getenv());
                var session = SessionInterpreter.open(
                        new SessionInterpreter.Options(temporary, Optional.empty()), new WithHost(host));
                var executor = Executors.newSingleThreadExecutor()) {
            var begun = new CountDownLatch(1);
            var output = new SessionScript.Transcript() {
                @Override
                public void stdout(String text) {
                    begun.countDown();
                }
            };
            var running = executor.submit(() -> session.run(cell("echo begun; sleep 600 | docker load; true"), output));
            begun.await();
            session.interrupt();
            var failed = assertInstanceOf(CellResult.Failed.class, running.get());
            assertEquals("Interrupted", failed.name());
            var next = new SessionScript.Transcript();
            assertInstanceOf(CellResult.Ok.class, session.run(cell("docker images -q | wc -l"), next));
        }
    }

    private static CellRequest cell(String code) {
        return new CellRequest(code, Optional.empty(), Optional.empty());
    }

    private final class WithHost extends TestEngine {
        private final HostCommands host;

        WithHost(HostCommands host) {
            super(temporary.resolve("store"), new ScriptedSandbox());
            this.host = host;
        }

        @Override
        public HostCommands host() {
            return host;
        }
    }
}
