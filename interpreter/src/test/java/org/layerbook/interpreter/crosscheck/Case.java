package org.layerbook.interpreter.crosscheck;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One build: a context, a Dockerfile and the options that go with it.
 *
 * @param instructions each may be of several lines
 * @param place where the Dockerfile lies, from the context's folder
 * @param options of {@code docker build}, without blanks in them
 */
record Case(long seed, List<ContextFile> files, List<String> instructions, String place, List<String> options) {
    /** Makes {@code folder} the context. */
    void write(Path folder) throws IOException {
        delete(folder);
        Files.createDirectories(folder);
        for (ContextFile file : files) {
            file.write(folder);
        }
        for (ContextFile file : files.reversed()) {
            file.finish(folder);
        }
        Path dockerfile = folder.resolve(place).normalize();
        Files.writeString(dockerfile, text());
    }

    String text() {
        return String.join("\n", instructions) + "\n";
    }

    /** The arguments of {@code docker}, run beside the folder {@code context}. */
    List<String> words() {
        var words = new ArrayList<>(List.of("build", "--network=host", "-t", "cross", "-f", "context/" + place));
        words.addAll(options);
        words.add("context");
        return words;
    }

    Case with(List<ContextFile> fewer, List<String> shorter) {
        return new Case(seed, fewer, shorter, place, options);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException fault) throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    @Override
    public String toString() {
        return "seed " + seed + ": docker " + String.join(" ", words()) + "\n"
                + files.stream().map(file -> "  " + file + "\n").collect(Collectors.joining())
                + text().lines().map(line -> "  | " + line + "\n").collect(Collectors.joining());
    }
}
