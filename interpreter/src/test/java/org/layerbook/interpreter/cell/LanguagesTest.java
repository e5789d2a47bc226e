package org.layerbook.interpreter.cell;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.layerbook.interpreter.command.CommandCatalog;
import org.layerbook.interpreter.magic.Magics;

/** {@code languages.txt}: lines of Python, of shell, of Dockerfiles, each a cell of its own, each taken for what it is. */
class LanguagesTest {
    private static final CellParser PARSER = new CellParser(new Magics().vocabulary(new CommandCatalog().commands()));
    private static final String PYTHON = "this looks like Python";

    private static Map<String, List<String>> sections() throws IOException {
        var sections = new HashMap<String, List<String>>();
        for (String section : Files.readString(Path.of("src/test/resources/cells/languages.txt"))
                .split("(?m)^=== ")) {
            List<String> lines = section.lines().filter(line -> !line.isBlank()).toList();
            if (!lines.isEmpty()) {
                sections.put(lines.getFirst(), lines.subList(1, lines.size()));
            }
        }
        return sections;
    }

    private static Stream<DynamicTest> each(String section, Consumer<String> check) throws IOException {
        return sections().get(section).stream().map(line -> DynamicTest.dynamicTest(line, () -> check.accept(line)));
    }

    private static Optional<String> mistake(String cell) {
        return PARSER.parse(cell)
                .firstMistake()
                .map(mistake -> mistake.diagnostic().message());
    }

    private static boolean isPython(String cell) {
        return mistake(cell).filter(message -> message.startsWith(PYTHON)).isPresent();
    }

    @TestFactory
    Stream<DynamicTest> python() throws IOException {
        return each(
                "Python", line -> assertTrue(isPython(line), () -> mistake(line).orElse("no mistake")));
    }

    @TestFactory
    Stream<DynamicTest> shell() throws IOException {
        return each("shell", line -> assertFalse(isPython(line)));
    }

    @TestFactory
    Stream<DynamicTest> text() throws IOException {
        return each("text", line -> assertFalse(isPython(line)));
    }

    @TestFactory
    Stream<DynamicTest> dockerfile() throws IOException {
        return each("Dockerfile", line -> {
            if (!line.equals("ENV X = 5")) {
                assertInstanceOf(
                        Entry.Instruction.class, PARSER.parse(line).entries().getFirst());
            }
            assertFalse(isPython(line));
        });
    }

    /** With `$ ` before it, all of it is for the shell. */
    @TestFactory
    Stream<DynamicTest> docker() throws IOException {
        return each("docker", line -> {
            assertTrue(mistake(line).isEmpty(), () -> mistake(line).orElseThrow());
            assertTrue(
                    mistake("$ " + line).isEmpty(), () -> mistake("$ " + line).orElseThrow());
            assertTrue(mistake("!" + line).isEmpty(), () -> mistake("!" + line).orElseThrow());
        });
    }
}
