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
 * Every script under {@code sessions}, with an engine in memory. {@code -Dgolden.update=true} writes what the cells show
 * into the files; read the difference before committing it.
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
        Path folder = Files.createDirectory(temporary.resolve(file.getFileName().toString()));
        var options = new SessionInterpreter.Options(folder, Optional.of(folder.resolve("book.ipynb")));
        try (var session = SessionInterpreter.open(options, new FakeEngine(), FakeEngine.WORDS)) {
            String shown = script.run(session, folder, SessionScriptsTest::normalised);
            if (Boolean.getBoolean("golden.update")) {
                Files.writeString(file, shown);
            }
            assertEquals(script.expected(SessionScriptsTest::normalised), shown);
        }
    }

    /** Identities and times are others on every machine. */
    private static String normalised(String text) {
        return text.replaceAll("sha256:[0-9a-f]{12,64}", "sha256:…").replaceAll("\\b[0-9a-f]{12}\\b", "ID");
    }
}
