package org.layerbook.engine.build;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.layerbook.engine.dockerfile.AddSource;
import org.layerbook.engine.golang.GoPath;

/**
 * A git repository as ADD and a build context name it: {@code https://host/path.git#ref:subdir}, {@code git://…},
 * {@code ssh://…}, {@code git@host:path}, or with a query, {@code https://host/path.git?branch=main&subdir=dir}. The rules
 * are BuildKit's ({@code dfgitutil.ParseGitRef}).
 *
 * @param remote what git is given
 * @param ref branch, tag or commit; empty for the default branch
 * @param subdir below the repository's root, which is then all that is taken; empty for all
 * @param checksum with which the commit's hash has to begin
 * @param keepGitDir of {@code ?keep-git-dir}
 * @param submodules false where {@code ?submodules=false} leaves them out
 * @param written as it was written, without a password
 */
record GitAddress(
        String remote,
        String ref,
        String subdir,
        Optional<String> checksum,
        Optional<Boolean> keepGitDir,
        boolean submodules,
        String written) {
    private static final String GITHUB = "github.com/";

    /**
     * What ADD takes for a repository; empty when {@code text} is something else: a path, or a URL of a file.
     *
     * @throws IllegalArgumentException with BuildKit's sentence, when a query or fragment says what cannot be
     */
    static Optional<GitAddress> parse(String text) {
        return AddSource.of(text) == AddSource.GIT ? Optional.of(read(text, text)) : Optional.empty();
    }

    /** As {@link #parse}; the context of a build may also be {@code github.com/owner/name}. */
    static Optional<GitAddress> parseContext(String text) {
        return text.startsWith(GITHUB) ? Optional.of(read("https://" + text, text)) : parse(text);
    }

    private static GitAddress read(String text, String written) {
        boolean url = text.contains("://");
        int hash = text.indexOf('#');
        String fragment = hash < 0 ? "" : text.substring(hash + 1);
        String remote = hash < 0 ? text : text.substring(0, hash);
        int question = url ? remote.indexOf('?') : -1;
        String query = question < 0 ? "" : remote.substring(question + 1);
        int colon = fragment.indexOf(':');
        String ref = colon < 0 ? fragment : fragment.substring(0, colon);
        String subdir = colon < 0 ? "" : fragment.substring(colon + 1);
        var read = new Query(url ? decoded(ref) : ref, url ? decoded(subdir) : subdir);
        if (!query.isEmpty()) {
            for (String pair : query.split("&")) {
                read.take(pair);
            }
        }
        return read.address(question < 0 ? remote : remote.substring(0, question), Credentials.hidden(written));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /** What fragment and query say together. */
    private static final class Query {
        private String ref;
        private String subdir;
        private Optional<String> tag = Optional.empty();
        private Optional<String> branch = Optional.empty();
        private Optional<String> checksum = Optional.empty();
        private Optional<Boolean> keepGitDir = Optional.empty();
        private Optional<Boolean> submodules = Optional.empty();

        Query(String ref, String subdir) {
            this.ref = ref;
            this.subdir = subdir;
        }

        void take(String pair) {
            int equals = pair.indexOf('=');
            String key = decoded(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
            boolean isSwitch = key.equals("keep-git-dir") || key.equals("submodules");
            if (value.isEmpty() && !isSwitch) {
                throw new IllegalArgumentException("query \"" + key + "\" has no value");
            }
            switch (key) {
                case "ref" -> ref = agreed("ref", ref, value);
                case "subdir" -> subdir = agreed("subdir", subdir, value);
                case "tag" -> tag = Optional.of(below("refs/tags/", value));
                case "branch" -> branch = Optional.of(below("refs/heads/", value));
                case "checksum", "commit" -> checksum = Optional.of(value);
                case "keep-git-dir" -> keepGitDir = Optional.of(isTrue(key, value));
                case "submodules" -> submodules = Optional.of(isTrue(key, value));
                default -> throw new IllegalArgumentException("unexpected query \"" + key + "\"");
            }
        }

        private static String below(String folder, String value) {
            return value.startsWith(folder) ? value : folder + value;
        }

        private static String agreed(String what, String before, String now) {
            if (!before.isEmpty() && !before.equals(now)) {
                throw new IllegalArgumentException(what + " conflicts: \"" + before + "\" vs \"" + now + "\"");
            }
            return now;
        }

        private static boolean isTrue(String key, String value) {
            return switch (value) {
                case "", "1", "t", "T", "true", "TRUE", "True" -> true;
                case "0", "f", "F", "false", "FALSE", "False" -> false;
                default -> throw new IllegalArgumentException("invalid " + key + " value: \"" + value + "\"");
            };
        }

        GitAddress address(String remote, String written) {
            if (tag.isPresent() && branch.isPresent()) {
                throw new IllegalArgumentException("branch conflicts with tag");
            }
            for (String named : tag.or(() -> branch).stream().toList()) {
                ref = agreed("ref", ref, named);
            }
            return new GitAddress(
                    remote,
                    ref.isEmpty() ? checksum.orElse("") : ref,
                    GoPath.clean("/" + subdir).substring(1),
                    checksum,
                    keepGitDir,
                    submodules.orElse(true),
                    written);
        }
    }

    /** As it was written, without a password. */
    @Override
    public String toString() {
        return written;
    }
}
