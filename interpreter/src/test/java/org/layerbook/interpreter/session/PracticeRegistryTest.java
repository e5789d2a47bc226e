package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.engine.registry.Registries;
import org.layerbook.engine.snapshot.Snapshots;
import org.layerbook.engine.store.Store;
import org.layerbook.interpreter.CellResult;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.testing.SessionScript;

/** Sessions with a real registry of their own; {@code -Dgolden.update=true} as for the other scripts. */
class PracticeRegistryTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/registry-sessions");

    @TempDir
    private Path temporary;

    @TestFactory
    Stream<DynamicTest> scripts() throws IOException {
        try (Stream<Path> files = Files.list(SCRIPTS)) {
            return files.sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
        }
    }

    private void check(Path file) throws IOException {
        SessionScript script = SessionScript.read(file);
        Path folder = Files.createDirectories(temporary.resolve(file.getFileName() + "/work"));
        try (SessionInterpreter session = open(folder)) {
            String shown = script.run(session, folder, PracticeRegistryTest::normal);
            if (Boolean.getBoolean("golden.update")) {
                Files.writeString(file, shown);
            }
            assertEquals(script.expected(PracticeRegistryTest::normal), shown);
        }
    }

    private static String normal(String text) {
        return Normal.text(text)
                .replaceAll("localhost:\\d+", "localhost:5000")
                .replaceAll("/tmp/\\S*config.json", "config.json");
    }

    private SessionInterpreter open(Path folder) {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/docker-registry")), "there is no docker-registry");
        var engine = new TestEngine(folder.resolveSibling("store"), new ScriptedSandbox()) {
            @Override
            Optional<Registries> registries(Store store, Snapshots snapshots) {
                String home = folder.resolveSibling("home").toString();
                var environment = Map.of("HOME", home, "DOCKER_CONFIG", home + "/.docker");
                return Optional.of(Registries.of(store, snapshots, environment, host()));
            }
        };
        return SessionInterpreter.open(new SessionInterpreter.Options(folder, Optional.empty()), engine);
    }

    @Test
    void endsWithTheSession() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("work"));
        int port = freePort();
        try (SessionInterpreter session = open(folder)) {
            assertInstanceOf(CellResult.Ok.class, run(session, "%registry start --port " + port));
            assertTrue(answers(port));
        }
        assertFalse(answers(port));
        try (Stream<Path> left = Files.list(temporary.resolve("store/tmp"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void aPortInUseIsASentence() throws IOException {
        Path folder = Files.createDirectories(temporary.resolve("work"));
        try (SessionInterpreter session = open(folder);
                var taken = new ServerSocket(0)) {
            var failed = assertInstanceOf(
                    CellResult.Failed.class, run(session, "%registry start --port " + taken.getLocalPort()));
            assertTrue(failed.message().startsWith("port " + taken.getLocalPort() + " of this machine is in use"));
        }
    }

    private static CellResult run(SessionInterpreter session, String code) {
        return session.run(new CellRequest(code, Optional.empty(), Optional.empty()), new SessionScript.Transcript());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(int port) {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
