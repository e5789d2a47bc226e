package org.layerbook.engine.build;

import java.util.Optional;
import org.layerbook.engine.dockerfile.AddSource;

/**
 * A git repository as ADD and a build context name it: {@code https://host/path.git#ref:subdir}, {@code git://…},
 * {@code ssh://…}, {@code git@host:path}.
 *
 * @param remote what git is given
 * @param ref branch, tag or commit; empty for the default branch
 * @param subdir below the repository's root, which is then all that is taken; empty for all
 */
record GitAddress(String remote, String ref, String subdir) {
    /** Empty when {@code text} is something else: a path, or a URL of a file. */
    static Optional<GitAddress> parse(String text) {
        int hash = text.indexOf('#');
        String remote = hash < 0 ? text : text.substring(0, hash);
        String fragment = hash < 0 ? "" : text.substring(hash + 1);
        if (AddSource.of(text) != AddSource.GIT) {
            return Optional.empty();
        }
        int colon = fragment.indexOf(':');
        String ref = colon < 0 ? fragment : fragment.substring(0, colon);
        String subdir = colon < 0 ? "" : fragment.substring(colon + 1);
        return Optional.of(
                new GitAddress(remote, ref, UnixPaths.clean("/" + subdir).substring(1)));
    }

    /** As it was written. */
    @Override
    public String toString() {
        return remote + (ref.isEmpty() && subdir.isEmpty() ? "" : "#" + ref) + (subdir.isEmpty() ? "" : ":" + subdir);
    }
}
