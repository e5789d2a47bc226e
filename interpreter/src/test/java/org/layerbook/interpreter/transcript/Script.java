package org.layerbook.interpreter.transcript;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Command lines and what they print, in one readable file. A line {@code $ command} is run by bash; below it stand standard
 * output, standard error (behind exclamation marks) and, when it is not 0, the exit status in brackets. A line that begins with {@code ##} is a
 * comment; {@code ## differs: REASON} says that the next command's text is not the engine's.
 */
public record Script(String name, List<Step> steps) {
    static final Path FOLDER = Path.of("src/test/resources/tutorials");
    private static final String DIFFERS = "## differs: ";

    /** @param comments the lines before it; @param expected what it prints */
    record Step(List<String> comments, String line, String expected) {
        boolean differs() {
            return comments.stream().anyMatch(comment -> comment.startsWith(DIFFERS));
        }
    }

    /** What a command line printed. */
    public record Ran(String stdout, String stderr, int status) {
        public String text() {
            String errors = stderr.lines()
                    .map(line -> line.isEmpty() ? "\n" : "! " + line + "\n")
                    .collect(Collectors.joining());
            return ended(stdout) + errors + (status == 0 ? "" : "[" + status + "]\n");
        }

        private static String ended(String text) {
            return text.isEmpty() || text.endsWith("\n") ? text : text + "\n";
        }
    }

    static List<Script> all() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            var scripts = new ArrayList<Script>();
            for (Path file : files.sorted().toList()) {
                scripts.add(read(file));
            }
            return scripts;
        }
    }

    private static Script read(Path file) throws IOException {
        var steps = new ArrayList<Step>();
        var comments = new ArrayList<String>();
        String line = "";
        var expected = new StringBuilder();
        for (String next : Files.readAllLines(file)) {
            boolean begins = next.startsWith("$ ") || next.startsWith("##");
            if (begins && !line.isEmpty()) {
                steps.add(new Step(List.copyOf(comments), line, expected.toString()));
                comments.clear();
                line = "";
                expected.setLength(0);
            }
            if (next.startsWith("##")) {
                comments.add(next);
            } else if (next.startsWith("$ ")) {
                line = next.substring(2);
            } else if (!line.isEmpty()) {
                expected.append(next).append('\n');
            }
        }
        if (!line.isEmpty()) {
            steps.add(new Step(List.copyOf(comments), line, expected.toString()));
        }
        return new Script(file.getFileName().toString(), List.copyOf(steps));
    }

    /** The file's text with these results. */
    String with(List<String> results) {
        var text = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).comments().forEach(comment -> text.append(comment).append('\n'));
            text.append("$ ").append(steps.get(i).line()).append('\n').append(results.get(i));
        }
        return text.toString();
    }
}
