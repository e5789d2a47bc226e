package org.layerbook.interpreter.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.layerbook.interpreter.Interpreter.Candidate;
import org.layerbook.interpreter.command.spec.DockerWords;

class TableWordsTest {
    private final CommandCatalog words = new CommandCatalog();

    private static final DockerWords.Arguments ARGUMENTS = new DockerWords.Arguments() {
        @Override
        public List<Candidate> images(String prefix) {
            return named(prefix, "image", "@", "busybox:latest", "web:1");
        }

        @Override
        public List<Candidate> paths(String prefix, boolean foldersOnly) {
            return foldersOnly ? named(prefix, "path", "src/") : named(prefix, "path", "src/", "a.tar");
        }

        private List<Candidate> named(String prefix, String type, String... all) {
            return Stream.of(all)
                    .filter(text -> text.startsWith(prefix))
                    .map(text -> new Candidate(text, type, ""))
                    .toList();
        }
    };

    @ParameterizedTest
    @CsvSource({
        "'im', images image import",
        "'image ', build history import inspect load ls prune pull push rm save tag",
        "'image pr', prune",
        "'-D im', image images import",
        "'--lo', --log-level",
        "'--log-level ', debug info warn error fatal",
        "'history ', @ busybox:latest web:1",
        "'history web:1 ', ''",
        "'history -q w', web:1",
        "'rmi web:1 b', busybox:latest",
        "'images --no', --no-trunc",
        "'images --filter d', dangling=true",
        "'images --filter=u', --filter=until=",
        "'load -i ', src/ a.tar",
        "'load --input=a', --input=a.tar",
        "'build -t x s', src/",
        "'build --progress p', plain",
        "'build -qt ', @ busybox:latest web:1",
        "'nope ', ''",
        "'image nope ', ''",
    })
    void candidates(String line, String expected) {
        var typed = Arrays.asList(line.split(" ", -1));
        String found = words.complete(typed, ARGUMENTS).stream()
                .map(Candidate::text)
                .sorted()
                .collect(Collectors.joining(" "));
        assertEquals(Arrays.stream(expected.split(" ")).sorted().collect(Collectors.joining(" ")), found);
    }

    @Test
    void helpAtEveryLevel() {
        assertTrue(words.help("").orElseThrow().startsWith("Usage:  docker [OPTIONS] COMMAND"));
        assertTrue(words.help("image").orElseThrow().contains("  ls          List images"));
        assertTrue(words.help("image ls").orElseThrow().startsWith("Usage:  docker image ls"));
        assertTrue(words.help("nope").isEmpty());
        assertTrue(words.commands().containsAll(List.of("image", "images", "build", "compose")));
    }
}
