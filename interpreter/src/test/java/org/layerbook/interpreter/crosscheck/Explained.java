package org.layerbook.interpreter.crosscheck;

import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Differences that are there because the engine is of 2020, or that docs/conformance.md names.
 *
 * @param reason what is other today
 * @param covers whether a line of {@link Differences} comes from it
 */
record Explained(String reason, BiPredicate<Case, String> covers) {
    private static final Pattern MODE = Pattern.compile("layer .* mode: 0*(\\d+) │ \\d+");

    private static final Pattern SAME_BASE = Pattern.compile("(?s)FROM (s\\d+)\\b.*FROM \\1\\b");

    private static final List<Explained> ALL = List.of(
            history("a copy's history shows its owner and mode", " --ch(own|mod)=[^ ]*", ""),
            history("EXPOSE's history is a list", "EXPOSE (map)?\\[([^\\]]*?)(:\\{\\})?\\]", "EXPOSE"),
            history("an ARG's history shows the value that it has", "\"(ARG|\\|\\d) (\\\\.|[^\"\\\\])*", "ARG"),
            history("HEALTHCHECK's history is as Go prints structs", "\"HEALTHCHECK [^ ]*\\{.*\\}\"", "HEALTHCHECK"),
            history(
                    "a stage on a stage keeps its build arguments in RUN's history",
                    "RUN (\\|\\d+ .*? )?/bin/sh",
                    "RUN"),
            new Explained("--chmod is the whole mode, of folders that the copy makes, too", Explained::isChmod),
            new Explained(
                    "ADD --chown holds for what archives hold",
                    (one, line) -> line.matches("layer .* owner: \\S+ │ 3:4")
                            && one.text().contains("ADD --chown=")),
            new Explained(
                    "folders that mounts of a RUN stood on are not left in its layer",
                    (one, line) -> line.matches("layer .*/(k|t|ctx|b|pe|rel): \\{\\} │ .*type=folder.*")
                            && one.text().contains("--mount=")),
            new Explained(
                    "nor are they in the way of a copy that makes them for its owner",
                    (one, line) -> line.matches("layer .*/(k|t|ctx|b|pe|rel) owner: \\S+ │ 0:0")
                            && one.text().contains("--mount=")
                            && one.text().contains("--chown=")),
            new Explained(
                    "stages on one stage do not share its ports, volumes and labels",
                    (one, line) -> line.matches("config (ExposedPorts|Volumes|Labels): .*")
                            && hasMoreThere(line)
                            && SAME_BASE.matcher(one.text()).find()),
            verdict("no interval is one of 0", "cannot be less than 1ms"),
            verdict(
                    "wildcards in a file match nothing; there that depends on what else is copied",
                    "readdir: readdirent"),
            verdict("a name is unknown where there is no passwd", "etc/passwd: no such file or directory"),
            verdict("nor a group's", "etc/group: no such file or directory"),
            new Explained(
                    "RUN leaves no folder that is only on the way of a WORKDIR with ..",
                    (one, line) -> line.matches("layer \\d+ /w: \\{\\} │ .*type=folder.*")
                            && one.text().contains("WORKDIR /w/../x")),
            new Explained(
                    "a pattern of .dockerignore is wrong whether or not a file comes to be matched with it",
                    (one, line) -> line.contains("failed to solve: .dockerignore: syntax error in pattern")),
            new Explained(
                    "a class with a slash in it is an error",
                    (one, line) -> line.startsWith("verdict: fails: ")
                            && line.contains("failed to solve: syntax error in pattern \"[")),
            new Explained(
                    "the engine saves no image without layers",
                    (one, line) -> line.contains("empty export - not implemented")),
            new Explained(
                    "a folder that .dockerignore leaves out is there only when something in it is",
                    (one, line) -> reIncludes(one)
                            && (line.contains(".dockerignore leaves it out")
                                    || line.matches("layer .*\\{\\} │ .*type=folder.*"))));

    private static boolean isChmod(Case one, String line) {
        Matcher mode = MODE.matcher(line);
        return mode.matches() && one.text().contains("--chmod=" + mode.group(1));
    }

    /** Whether the engine's map holds all that ours does. */
    private static boolean hasMoreThere(String line) {
        String[] sides = line.substring(line.indexOf(": ") + 2).split(Differences.BETWEEN, 2);
        List<Set<String>> entries = Stream.of(sides)
                .map(side -> Set.copyOf(List.of(side.replaceAll("^\\{|\\}$", "").split(", "))))
                .toList();
        return entries.get(1).containsAll(entries.get(0));
    }

    private static boolean reIncludes(Case one) {
        return one.files().stream()
                .anyMatch(file ->
                        file.path().equals(".dockerignore") && file.text().contains("!"));
    }

    /** @param error the engine's, which has gone since */
    private static Explained verdict(String reason, String error) {
        return new Explained(reason, (one, line) -> line.startsWith("verdict: builds") && line.contains(error));
    }

    private static Explained history(String reason, String newer, String plain) {
        return new Explained(reason, (one, line) -> {
            if (!line.startsWith("history: ")) {
                return false;
            }
            String[] sides = line.substring("history: ".length()).split(Differences.BETWEEN, 2);
            return sides[0].replaceAll(newer, plain).equals(sides[1].replaceAll(newer, plain));
        });
    }

    /** The lines that have no explanation. */
    static List<String> without(Case one, List<String> differences) {
        return differences.stream()
                .filter(line -> ALL.stream().noneMatch(known -> known.covers().test(one, line)))
                .toList();
    }
}
