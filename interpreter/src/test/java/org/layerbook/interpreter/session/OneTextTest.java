package org.layerbook.interpreter.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.layerbook.interpreter.Interpreter.CellRequest;
import org.layerbook.interpreter.testing.SessionScript;

/** One text gives one image, whether {@code docker build}, {@code %load} or a cell reads it. */
class OneTextTest {
    @TempDir
    private Path folder;

    private SessionInterpreter session;

    @BeforeEach
    void open() throws IOException {
        session = SessionInterpreter.open(
                new SessionInterpreter.Options(folder.resolve("work"), Optional.empty()),
                new TestEngine(folder.resolve("store"), new ScriptedSandbox()));
        Files.createDirectories(folder.resolve("work"));
    }

    @AfterEach
    void close() throws Exception {
        session.close();
    }

    private String cell(String code) {
        var output = new SessionScript.Transcript();
        output.end(session.run(new CellRequest(code, Optional.empty(), Optional.of(1), List.of()), output));
        return output.text().strip();
    }

    private void dockerfile(String text) throws IOException {
        Files.write(folder.resolve("work/Dockerfile"), text.getBytes(StandardCharsets.UTF_8));
    }

    private void givesOneImage(String text) throws IOException {
        dockerfile(text);
        String built = cell("docker build -q -t built .");
        assertTrue(built.contains("sha256:"), built);
        cell("%load Dockerfile");
        String loaded = cell("docker inspect -f {{.Id}} @");
        cell("%new");
        cell(text);
        String typed = cell("docker inspect -f {{.Id}} @");
        assertEquals(cell("docker inspect -f {{.Id}} built"), loaded);
        assertEquals(loaded, typed);
    }

    @Test
    void carriageReturnsStayInHeredocs() throws IOException {
        givesOneImage("FROM scratch\r\nCOPY <<E \\\r\n  /lines\r\none\r\ntwo\r\nE\r\nENV A=b \\\r\n  C=d\r\n");
        assertTrue(cell("%files built /lines").contains("10 B"), cell("%files built /lines"));
    }

    @Test
    void aByteOrderMarkIsNoCharacterOfTheText() throws IOException {
        givesOneImage("\uFEFF# escape=`\nFROM scratch\nENV A=b `\n  C=d\n");
    }

    @Test
    void anotherFrontendIsRefusedEverywhere() throws IOException {
        String text = "# syntax=example.com/frontend:1\nFROM scratch\n";
        dockerfile(text);
        String refusal = "failed to resolve frontend example.com/frontend:1: ";
        for (String code : List.of("docker build -q .", "%load Dockerfile", text)) {
            String shown = cell(code);
            assertTrue(shown.contains(refusal), shown);
        }
        String shown = cell("docker build -q -t own --build-arg BUILDKIT_SYNTAX=docker.io/docker/dockerfile:1 .");
        assertTrue(shown.contains("sha256:"), shown);
        shown = cell("docker build -q --build-arg BUILDKIT_SYNTAX=example.com/other .");
        assertTrue(shown.contains("failed to resolve frontend example.com/other: "), shown);
    }

    @Test
    void utf16IsNamedAsSuch() throws IOException {
        Files.writeString(folder.resolve("work/Dockerfile"), "\uFEFFFROM scratch\n", StandardCharsets.UTF_16LE);
        for (String code : List.of("docker build -q .", "%load Dockerfile")) {
            String shown = cell(code);
            assertTrue(shown.contains("it is UTF-16 text, but must be UTF-8; convert it with: iconv -f UTF-16"), shown);
        }
    }
}
