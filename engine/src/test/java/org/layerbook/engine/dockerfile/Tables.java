package org.layerbook.engine.dockerfile;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Reads the tables and golden files beside the tests. */
final class Tables {
    private Tables() {}

    static String read(String name) {
        try (InputStream in = Tables.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of a table that are neither blank nor comments, cut at bars with blanks around them. */
    static Stream<List<String>> rows(String name) {
        return read(name)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("# "))
                .map(line -> Arrays.asList(line.strip().split(" +\\| +", -1)));
    }

    /** What stands between lines of dashes, comments at the head left off. */
    static Stream<String> cases(String name) {
        return Arrays.stream(read(name).split("(?m)^----\n")).skip(1);
    }

    /** The folders of golden files, where they lie among the sources. */
    static Path goldenFolder() {
        return Path.of("src/test/resources/org/layerbook/engine/dockerfile/golden");
    }

    static List<Path> goldenFolders() {
        try (Stream<Path> folders = Files.list(goldenFolder())) {
            return folders.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String readFile(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
