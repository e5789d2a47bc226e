package org.layerbook.engine.builder.plan;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
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
 * @param query what else the query says
 * @param written as it was written, without a password
 */
public record GitAddress(String remote, String ref, String subdir, GitQuery query, String written) {
    private static final String GITHUB = "github.com/";
    private static final Pattern SCHEME = Pattern.compile("[a-zA-Z0-9]+(?=://)");

    /**
     * What ADD takes for a repository; empty when {@code text} is something else: a path, or a URL of a file.
     *
     * @throws IllegalArgumentException with BuildKit's sentence, when a query or fragment says what cannot be
     */
    public static Optional<GitAddress> parse(String text) {
        return AddSource.of(text) == AddSource.GIT ? Optional.of(read(text, text)) : Optional.empty();
    }

    /** As {@link #parse}; the context of a build may also be {@code github.com/owner/name}. */
    public static Optional<GitAddress> parseContext(String text) {
        return text.startsWith(GITHUB) ? Optional.of(read("https://" + text, text)) : parse(text);
    }

    private static GitAddress read(String text, String written) {
        boolean isUrl = SCHEME.matcher(text).lookingAt();
        int hash = text.indexOf('#');
        String fragment = hash < 0 ? "" : text.substring(hash + 1);
        String beforeHash = hash < 0 ? text : text.substring(0, hash);
        int question = beforeHash.indexOf('?');
        String query = question < 0 ? "" : beforeHash.substring(question + 1);
        String remote = question < 0 ? beforeHash : beforeHash.substring(0, question);
        String meant = isUrl ? decoded(fragment) : fragment;
        int colon = meant.indexOf(':');
        String ref = colon < 0 ? meant : meant.substring(0, colon);
        String subdir =
                colon < 0 ? "" : GoPath.clean("/" + meant.substring(colon + 1)).substring(1);
        GitQuery said = GitQuery.parse(query);
        return new GitAddress(
                SCHEME.matcher(remote).replaceFirst(found -> found.group().toLowerCase(Locale.ROOT)),
                said.refOver(ref),
                GoPath.clean("/" + said.subdirOver(subdir)).substring(1),
                said,
                UrlCredentials.hidden(written));
    }

    /** A fragment that is not rightly escaped is taken as it stands. */
    private static String decoded(String fragment) {
        try {
            return URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return fragment;
        }
    }

    /** As it was written, without a password. */
    @Override
    public String toString() {
        return written;
    }
}
