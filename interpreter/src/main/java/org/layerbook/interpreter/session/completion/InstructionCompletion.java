package org.layerbook.interpreter.session.completion;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.layerbook.interpreter.Interpreter.Candidate;
import org.layerbook.interpreter.cell.Cursor;
import org.layerbook.interpreter.cell.Vocabulary;
import org.layerbook.interpreter.session.help.InstructionHelp;

/** What can stand behind a keyword. */
final class InstructionCompletion {
    private static final Map<String, List<String>> FLAGS = Map.of(
            "FROM", List.of("--platform="),
            "RUN", List.of("--mount=type=", "--network=", "--security="),
            "COPY", List.of("--from=", "--chown=", "--chmod=", "--link", "--parents", "--exclude="),
            "ADD",
                    List.of(
                            "--chown=",
                            "--chmod=",
                            "--checksum=",
                            "--keep-git-dir=",
                            "--link",
                            "--unpack=",
                            "--exclude="),
            "HEALTHCHECK", List.of("--interval=", "--timeout=", "--start-period=", "--start-interval=", "--retries="));
    private static final Map<String, List<String>> VALUES = Map.of(
            "--network=", List.of("default", "none", "host"),
            "--mount=type=", List.of("bind", "cache", "tmpfs", "secret", "ssh"),
            "--security=", List.of("sandbox", "insecure"));

    private InstructionCompletion() {}

    static List<Candidate> complete(String keyword, Cursor typed, CompletionLookup lookup) {
        String word = typed.word();
        if (word.contains("$")) {
            int dollar = word.lastIndexOf('$');
            return prefixed(word.substring(0, dollar), lookup.imageVariables(word.substring(dollar)));
        }
        if (word.startsWith("-")) {
            return flags(keyword, word, lookup);
        }
        boolean first = typed.words().stream().skip(1).allMatch(w -> w.startsWith("--"));
        return switch (keyword) {
            case "FROM" -> from(typed, first, lookup);
            case "COPY" ->
                typed.words().stream().anyMatch(w -> w.startsWith("--from=")) ? List.of() : lookup.contextPaths(word);
            case "ADD" -> lookup.contextPaths(word);
            case "ONBUILD" ->
                first
                        ? Vocabulary.INSTRUCTIONS.stream()
                                .filter(k -> !List.of("FROM", "ONBUILD", "MAINTAINER")
                                        .contains(k))
                                .map(k -> new Candidate(k, "instruction", InstructionHelp.summary(k)))
                                .toList()
                        : List.of();
            case "HEALTHCHECK" ->
                Stream.of("CMD", "NONE")
                        .map(k -> new Candidate(k, "instruction", ""))
                        .toList();
            default -> List.of();
        };
    }

    private static List<Candidate> from(Cursor typed, boolean first, CompletionLookup lookup) {
        if (!first) {
            String last = typed.words().getLast().toUpperCase(Locale.ROOT);
            return last.equals("AS") ? List.of() : List.of(new Candidate("AS", "instruction", "Name the stage"));
        }
        var all = new ArrayList<>(lookup.stages(typed.word()));
        all.addAll(lookup.images(typed.word()));
        all.add(new Candidate("scratch", "image", "Empty base image"));
        return all;
    }

    private static List<Candidate> flags(String keyword, String word, CompletionLookup lookup) {
        if (keyword.equals("COPY") && word.startsWith("--from=")) {
            String begun = word.substring("--from=".length());
            var sources = new ArrayList<>(lookup.stages(begun));
            sources.addAll(lookup.images(begun));
            return prefixed("--from=", sources);
        }
        for (var values : VALUES.entrySet()) {
            if (word.startsWith(values.getKey())) {
                return values.getValue().stream()
                        .map(v -> new Candidate(values.getKey() + v, "flag", ""))
                        .toList();
            }
        }
        return FLAGS.getOrDefault(keyword, List.of()).stream()
                .map(flag -> new Candidate(flag, "flag", ""))
                .toList();
    }

    private static List<Candidate> prefixed(String prefix, List<Candidate> candidates) {
        return candidates.stream()
                .map(c -> new Candidate(prefix + c.text(), c.type(), c.description()))
                .toList();
    }
}
