package org.layerbook.interpreter.session;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.layerbook.engine.builder.step.Stage;
import org.layerbook.interpreter.Interpreter.Candidate;
import org.layerbook.interpreter.Interpreter.Completion;
import org.layerbook.interpreter.cell.CursorPlace;
import org.layerbook.interpreter.cell.Vocabulary;
import org.layerbook.interpreter.command.spec.DockerWords;
import org.layerbook.interpreter.magic.Magic;
import org.layerbook.interpreter.session.help.InstructionHelp;
import org.layerbook.interpreter.session.history.References;
import org.layerbook.interpreter.session.history.SessionHistory;

/** What can stand at the cursor. No effects; reads the session's values and lists folders, nothing more. */
final class Completions {
    /** More candidates than this help nobody. */
    private static final int MOST_PATHS = 200;

    private final SessionParts parts;
    private final DockerWords docker;

    Completions(SessionParts parts, DockerWords docker) {
        this.parts = parts;
        this.docker = docker;
    }

    Completion complete(String code, int cursor, SessionHistory history, ShellContext shell) {
        int at = Math.clamp(cursor, 0, code.length());
        var line = CursorLine.at(code, at);
        var lookup = new Lookup(history, shell);
        CursorPlace place = parts.parser(shell).placeAfter(code.substring(0, at));
        List<Candidate> found = candidates(place, line, lookup).stream()
                .filter(c -> c.text()
                        .regionMatches(true, 0, line.word(), 0, line.word().length()))
                .distinct()
                .toList();
        return found.isEmpty() ? Completion.none(cursor) : new Completion(line.wordStart(), at, found);
    }

    private List<Candidate> candidates(CursorPlace place, CursorLine line, Lookup lookup) {
        return switch (place) {
            case TEXT -> List.of();
            case DOCKERFILE ->
                line.words().isEmpty()
                        ? instructions(line).toList()
                        : ofInstruction(line.words().getFirst(), line, lookup);
            case ENTRY -> candidates(line, lookup);
        };
    }

    private static List<Candidate> ofInstruction(String word, CursorLine line, Lookup lookup) {
        String keyword = word.toUpperCase(Locale.ROOT);
        return Vocabulary.INSTRUCTIONS.contains(keyword)
                ? InstructionCompletion.complete(keyword, line, lookup)
                : List.of();
    }

    private List<Candidate> candidates(CursorLine line, Lookup lookup) {
        if (line.words().isEmpty()) {
            return first(line);
        }
        String first = line.words().getFirst();
        if (first.startsWith("%")) {
            return parts.magics().called(first).stream()
                    .flatMap(m -> m.completion().complete(line.word(), lookup).stream())
                    .toList();
        }
        if (List.of("docker", "podman").contains(first)) {
            var words = new ArrayList<>(line.words().subList(1, line.words().size()));
            if (line.word().startsWith("$")) {
                return lookup.variables(line.word());
            }
            words.add(line.word());
            return docker.complete(words, lookup);
        }
        if (Vocabulary.INSTRUCTIONS.contains(first.toUpperCase(Locale.ROOT))) {
            return ofInstruction(first, line, lookup);
        }
        return line.word().startsWith("$") ? lookup.variables(line.word()) : lookup.paths(line.word(), false);
    }

    private static Stream<Candidate> instructions(CursorLine line) {
        boolean lower = !line.word().isEmpty() && line.word().equals(line.word().toLowerCase(Locale.ROOT));
        return Vocabulary.INSTRUCTIONS.stream()
                .map(k -> new Candidate(
                        lower ? k.toLowerCase(Locale.ROOT) : k, "instruction", InstructionHelp.summary(k)));
    }

    private List<Candidate> first(CursorLine line) {
        Stream<Candidate> magics = parts.magics().all().stream().flatMap(Completions::spellings);
        Stream<Candidate> docker = Stream.of(new Candidate("docker", "command", "commands on images"));
        return Stream.of(instructions(line), docker, magics).flatMap(s -> s).toList();
    }

    private static Stream<Candidate> spellings(Magic magic) {
        return magic.names().stream()
                .flatMap(name -> Stream.concat(
                        magic.form().isLine()
                                ? Stream.of(new Candidate("%" + name, "magic", magic.summary()))
                                : Stream.empty(),
                        magic.form().isCell()
                                ? Stream.of(new Candidate("%%" + name, "magic", magic.summary()))
                                : Stream.empty()));
    }

    /** What the session and this host know, at one moment. */
    final class Lookup implements Magic.CompletionHints, DockerWords.Arguments {
        private final SessionHistory history;
        private final ShellContext shell;

        Lookup(SessionHistory history, ShellContext shell) {
            this.history = history;
            this.shell = shell;
        }

        @Override
        public List<Candidate> paths(String prefix, boolean foldersOnly) {
            return pathsIn(shell.directory(), prefix, foldersOnly);
        }

        /** Paths of the build context. */
        List<Candidate> contextPaths(String prefix) {
            return pathsIn(history.state().context().orElse(shell.directory()), prefix, false);
        }

        private List<Candidate> pathsIn(Path folder, String prefix, boolean foldersOnly) {
            int slash = prefix.lastIndexOf('/');
            String parent = prefix.substring(0, slash + 1);
            String begin = prefix.substring(slash + 1);
            var found = new ArrayList<Candidate>();
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.resolve(parent))) {
                for (Path entry : entries) {
                    String name = entry.getFileName().toString();
                    boolean isFolder = Files.isDirectory(entry);
                    boolean hidden = name.startsWith(".") && !begin.startsWith(".");
                    if (name.startsWith(begin) && !hidden && (isFolder || !foldersOnly) && found.size() < MOST_PATHS) {
                        found.add(new Candidate(parent + name + (isFolder ? "/" : ""), "path", ""));
                    }
                }
            } catch (IOException | java.nio.file.DirectoryIteratorException | java.nio.file.InvalidPathException e) {
                return List.of();
            }
            found.sort(java.util.Comparator.comparing(Candidate::text));
            return found;
        }

        @Override
        public List<Candidate> images(String prefix) {
            if (prefix.startsWith("@")) {
                return references();
            }
            var all = new ArrayList<Candidate>();
            parts.engine().provider().imageNames(prefix).forEach(n -> all.add(new Candidate(n, "image", "")));
            if (prefix.isEmpty()) {
                all.addAll(references());
            }
            return all;
        }

        private List<Candidate> references() {
            return new References(history, history.state(), parts.failed())
                    .all().stream()
                            .map(r -> new Candidate(r, "stage", r.equals("@") ? "the live image" : ""))
                            .toList();
        }

        @Override
        public List<Candidate> stages(String prefix) {
            return history.state().build().stages().stream()
                    .flatMap(stage ->
                            stage.name().stream().map(name -> new Candidate(name, "stage", "FROM " + stage.base())))
                    .toList();
        }

        @Override
        public List<Candidate> variables(String prefix) {
            Map<String, String> all = new LinkedHashMap<>(shell.environment());
            return named(all, prefix);
        }

        /** Variables of the image and build arguments, for {@code $NAME} in an instruction. */
        List<Candidate> imageVariables(String prefix) {
            Map<String, String> all = new LinkedHashMap<>();
            Optional<Stage> stage = history.state().liveStage();
            stage.ifPresent(s -> s.draft()
                    .environment()
                    .names()
                    .forEach(n -> all.put(n, s.draft().environment().get(n).orElse(""))));
            stage.ifPresent(s -> s.args().values().forEach((n, v) -> all.putIfAbsent(n, v.orElse(""))));
            history.state().build().globalArgs().values().forEach((n, v) -> all.putIfAbsent(n, v.orElse("")));
            return named(all, prefix);
        }

        private static List<Candidate> named(Map<String, String> values, String prefix) {
            String sign = prefix.startsWith("${") ? "${" : prefix.startsWith("$") ? "$" : "";
            String end = sign.equals("${") ? "}" : "";
            return values.entrySet().stream()
                    .map(e -> new Candidate(sign + e.getKey() + end, "variable", e.getValue()))
                    .toList();
        }
    }
}
