package org.layerbook.engine.builder.plan;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.layerbook.engine.golang.GoText;

/**
 * What the query of a repository's address says.
 *
 * @param ref of {@code ref}, or in full of {@code branch} or {@code tag}
 * @param subdir below the repository's root
 * @param checksum of {@code checksum} or {@code commit}: with it the hash of the commit, or of the tag, has to begin
 * @param keepGitDir of {@code keep-git-dir}
 * @param submodules false where {@code submodules=false} leaves them out
 * @param commitTimes whether {@code mtime=commit} gives every file the time of the commit
 * @param byCommit whether {@code fetch-by-commit} takes the checksum's commit, whatever the ref is by now
 */
public record GitQuery(
        Optional<String> ref,
        Optional<String> subdir,
        Optional<String> checksum,
        Optional<Boolean> keepGitDir,
        boolean submodules,
        boolean commitTimes,
        boolean byCommit) {
    private static final String TAGS = "refs/tags/";
    private static final String BRANCHES = "refs/heads/";

    /** @throws IllegalArgumentException with BuildKit's sentence */
    static GitQuery parse(String query) {
        Map<String, String> values = values(query);
        values.forEach(GitQuery::check);
        Optional<String> tag = value(values, "tag").map(name -> below(TAGS, name));
        Optional<String> branch = value(values, "branch").map(name -> below(BRANCHES, name));
        Optional<String> ref = value(values, "ref");
        for (String named : tag.or(() -> branch).stream().toList()) {
            ref = Optional.of(agreed("ref", ref.orElse(""), named));
        }
        if (tag.isPresent() && branch.isPresent()) {
            throw new IllegalArgumentException("branch conflicts with tag");
        }
        return new GitQuery(
                ref,
                value(values, "subdir"),
                value(values, "commit").or(() -> value(values, "checksum")),
                isOn(values, "keep-git-dir"),
                isOn(values, "submodules").orElse(true),
                value(values, "mtime").filter("commit"::equals).isPresent(),
                isOn(values, "fetch-by-commit").orElse(false));
    }

    /** @param fragment what the fragment says; empty for nothing */
    String refOver(String fragment) {
        return ref.map(said -> agreed("ref", fragment, said)).orElse(fragment);
    }

    /** @param fragment what the fragment says; empty for nothing */
    String subdirOver(String fragment) {
        return subdir.map(said -> agreed("subdir", fragment, said)).orElse(fragment);
    }

    private static String agreed(String what, String before, String now) {
        if (!before.isEmpty() && !before.equals(now)) {
            throw new IllegalArgumentException(
                    what + " conflicts: " + GoText.quote(before) + " vs " + GoText.quote(now));
        }
        return now;
    }

    /** As Go's {@code url.Values}: what is not rightly escaped counts as not there. */
    private static Map<String, String> values(String query) {
        var values = new LinkedHashMap<String, String>();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (pair.isEmpty() || pair.contains(";")) {
                continue;
            }
            final String key;
            final String value;
            try {
                key = decoded(equals < 0 ? pair : pair.substring(0, equals));
                value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            } catch (IllegalArgumentException e) {
                continue;
            }
            if (values.putIfAbsent(key, value) != null) {
                throw new IllegalArgumentException("query " + GoText.quote(key) + " has multiple values");
            }
        }
        return values;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static void check(String key, String value) {
        boolean isSwitch = key.equals("submodules") || key.equals("keep-git-dir") || key.equals("fetch-by-commit");
        if (value.isEmpty() && !isSwitch) {
            throw new IllegalArgumentException("query " + GoText.quote(key) + " has no value");
        }
        switch (key) {
            case "submodules", "keep-git-dir", "fetch-by-commit" -> isTrue(key, value);
            case "ref", "subdir", "tag", "branch", "checksum", "commit" -> {}
            case "mtime" -> {
                if (!value.equals("checkout") && !value.equals("commit")) {
                    throw new IllegalArgumentException(
                            "invalid mtime value: " + GoText.quote(value) + " (must be \"checkout\" or \"commit\")");
                }
            }
            default -> throw new IllegalArgumentException("unexpected query " + GoText.quote(key));
        }
    }

    private static Optional<String> value(Map<String, String> values, String key) {
        return Optional.ofNullable(values.get(key));
    }

    private static Optional<Boolean> isOn(Map<String, String> values, String key) {
        return value(values, key).map(value -> isTrue(key, value));
    }

    private static boolean isTrue(String key, String value) {
        return switch (value) {
            case "", "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw new IllegalArgumentException("invalid " + key + " value: " + GoText.quote(value));
        };
    }

    private static String below(String folder, String value) {
        return value.startsWith(folder) ? value : folder + value;
    }
}
