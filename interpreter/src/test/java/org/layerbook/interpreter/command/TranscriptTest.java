package org.layerbook.interpreter.command;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.layerbook.interpreter.testing.Golden;

/**
 * Command lines and what they print, one file a scenario on a store of its own. A line {@code $ docker …} is run; below it
 * stand standard output, standard error and, when it is not 0, the exit status in brackets. {@code <<< text} at its end is
 * its standard input.
 */
class TranscriptTest {
    private static final Path FOLDER = Path.of("src/test/resources/transcripts");

    @TempDir
    Path temp;

    static Stream<String> scenarios() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            var names =
                    files.map(file -> file.getFileName().toString()).sorted().toList();
            assertTrue(names.size() > 3, "transcripts are missing");
            return names.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void transcript(String name) throws IOException {
        var lines = Files.readAllLines(FOLDER.resolve(name)).stream()
                .filter(line -> line.startsWith("$ docker") || line.startsWith("## "))
                .toList();
        var transcript = new StringBuilder();
        tar(temp.resolve("root.tar"), "etc/motd", "hello\n");
        Path context = Files.createDirectory(temp.resolve("context"));
        Files.writeString(context.resolve("Dockerfile"), "FROM scratch\nRUN true\nRUN make it\nENV A=b\n");
        Files.writeString(context.resolve("broken"), "FROM scratch\n\nCOPY a b\nRUN false\nRUN make\n");
        Files.writeString(context.resolve("typo"), "FORM scratch\nRUN true\n");
        try (var world = new CommandWorld(temp).withImages()) {
            for (String line : lines) {
                transcript.append(line).append('\n');
                if (line.startsWith("$ ")) {
                    run(name, line.substring("$ docker".length()), world, transcript);
                }
            }
        }
        Golden.check("transcripts/" + name, transcript.toString());
    }

    private static void tar(Path file, String name, String content) throws IOException {
        try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
            var entry = new TarArchiveEntry(name);
            entry.setSize(content.length());
            entry.setLastModifiedTime(FileTime.fromMillis(0));
            tar.putArchiveEntry(entry);
            tar.write(content.getBytes(StandardCharsets.UTF_8));
            tar.closeArchiveEntry();
        }
    }

    private void run(String name, String line, CommandWorld world, StringBuilder transcript) {
        String[] parts = line.split(" <<< ", 2);
        var ran = world.run(words(parts[0]), parts.length > 1 ? parts[1] + "\n" : "");
        String text = ran.stdout() + ran.stderr();
        transcript.append(text.replace(temp.toString(), "TEMP")
                .replaceAll("(\"LastTagTime\": ?)\"[^\"]+\"", "$1\"TIME\"")
                .replaceAll("sha256:[0-9a-f]{64}", name.contains("archives") ? "sha256:ID" : "$0")
                .replaceAll("(\"size\": )\\d+", name.contains("archives") ? "$1SIZE" : "$0")
                .replaceAll("(\"Name\": ?)\"(overlayfs|vfs)\"", "$1\"DRIVER\"")
                .replaceAll("(Layerbook +|Platforms: +)linux/.*", "$1PLATFORMS")
                .replaceAll("(?m)^(#\\d+) \\d\\.\\d{3} ", "$1 0.000 "));
        transcript.append(text.isEmpty() || text.endsWith("\n") ? "" : "\n");
        if (ran.status() != 0) {
            transcript.append('[').append(ran.status()).append("]\n");
        }
    }

    /** Words apart by blanks; single quotes keep blanks. */
    private static List<String> words(String line) {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean quoted = false;
        boolean any = false;
        for (char c : (line + " ").toCharArray()) {
            if (c == '\'') {
                quoted = !quoted;
                any = true;
            } else if (c == ' ' && !quoted) {
                if (any || !word.isEmpty()) {
                    words.add(word.toString());
                }
                word.setLength(0);
                any = false;
            } else {
                word.append(c);
            }
        }
        return words;
    }
}
