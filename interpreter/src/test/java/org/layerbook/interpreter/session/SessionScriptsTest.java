package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.interpreter.testing.SessionScript;

/**
 * Every script under {@code sessions}, on the real engine with a {@link ScriptedSandbox}. {@code -Dgolden.update=true}
 * writes what the cells show into the files; read the difference before committing it.
 */
class SessionScriptsTest {
    private static final Path SCRIPTS = Path.of("src/test/resources/sessions");

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
        var options = new SessionInterpreter.Options(folder, Optional.of(folder.resolve("book.ipynb")));
        var engine = new TestEngine(temporary.resolve(file.getFileName() + "/store"), new ScriptedSandbox());
        try (var session = SessionInterpreter.open(options, engine)) {
            String shown = script.run(session, folder, Normal::text);
            if (Boolean.getBoolean("golden.update")) {
                Files.writeString(file, shown);
            }
            assertEquals(script.expected(Normal::text), shown);
        }
    }
}
