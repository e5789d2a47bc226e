package org.layerbook.engine.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.engine.builder.step.BuildException;
import org.layerbook.engine.linux.LinuxFiles;

/**
 * COPY and ADD from a table: {@code == title}, the context ({@code file PATH TEXT}, {@code dir PATH}, {@code link PATH ->
 * TARGET}, {@code socket PATH}, {@code hard PATH OTHER}, {@code mode PATH OCTAL}, {@code ignore RULE}), {@code ----}, a Dockerfile,
 * {@code ----}, and the tree of the image, or {@code error KIND: message} and perhaps {@code hint …}.
 */
class CopyTest {
    record Case(String title, List<String> context, List<String> dockerfile, List<String> expected) {
        @Override
        public String toString() {
            return title;
        }
    }

    static Stream<Case> cases() throws IOException {
        try (InputStream in = CopyTest.class.getResourceAsStream("/build/copies.txt")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(text.split("(?m)^== "))
                    .filter(part -> !part.isBlank())
                    .map(CopyTest::read);
        }
    }

    private static Case read(String part) {
        String[] parts = part.split("(?m)^----\n", 3);
        List<String> head = parts[0].lines().toList();
        return new Case(
                head.getFirst(),
                head.subList(1, head.size()),
                parts[1].lines().toList(),
                parts[2].lines().filter(line -> !line.isBlank()).toList());
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("cases")
    void givesTheTreeOfTheTable(Case test) throws IOException {
        try (var build = new TestBuild(folder)) {
            for (String line : test.context()) {
                make(build.context, line);
            }
            assertEquals(String.join("\n", test.expected()), String.join("\n", outcome(build, test)));
        }
    }

    private static List<String> outcome(TestBuild build, Case test) throws IOException {
        try {
            return build.tree(
                    build.build(test.dockerfile().toArray(String[]::new)).image());
        } catch (BuildException e) {
            var lines = new ArrayList<String>();
            lines.add("error " + e.kind() + " " + e.diagnostic().range().startLine() + ": " + e.getMessage());
            if (test.expected().stream().anyMatch(line -> line.startsWith("hint"))) {
                lines.add("hint " + e.diagnostic().hint().orElse(""));
            }
            return lines;
        }
    }

    private static void make(Path context, String line) throws IOException {
        String[] words = line.split(" ", 3);
        Path path = context.resolve(words[1]);
        Files.createDirectories(path.getParent());
        switch (words[0]) {
            case "file" -> {
                Files.writeString(path, words.length > 2 ? words[2] : "");
                LinuxFiles.chmodFollowing(path, 0644);
            }
            case "dir" -> {
                Files.createDirectories(path);
                LinuxFiles.chmodFollowing(path, 0755);
            }
            case "link" -> Files.createSymbolicLink(path, Path.of(words[2].substring(3)));
            case "socket" -> {
                try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                    socket.bind(UnixDomainSocketAddress.of(path));
                }
                LinuxFiles.chmodFollowing(path, 0755);
            }
            case "hard" -> Files.createLink(path, context.resolve(words[2]));
            case "mode" -> LinuxFiles.chmodFollowing(path, Integer.parseInt(words[2], 8));
            case "ignore" -> {
                Path file = context.resolve(".dockerignore");
                String rules = Files.exists(file) ? Files.readString(file) : "";
                Files.writeString(file, rules + line.substring("ignore ".length()) + "\n");
            }
            default -> throw new IllegalArgumentException(line);
        }
    }
}
