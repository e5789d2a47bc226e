package org.layerbook.engine.dockerfile;

import java.util.regex.Pattern;

/** Where a source of ADD comes from. */
public enum AddSource {
    /** A path in the build context. */
    LOCAL,
    /** An {@code http://} or {@code https://} URL that does not name a git repository. */
    HTTP,
    /** {@code git@host:path}, {@code ssh://}, {@code git://}, or an HTTP(S) URL whose path ends in {@code .git}. */
    GIT;

    private static final Pattern SCP_LIKE = Pattern.compile("[a-zA-Z0-9-_]+@[a-zA-Z0-9-.]+:.*?(?:#.*)?");

    public static AddSource of(String source) {
        if (source.startsWith("http://") || source.startsWith("https://")) {
            String path = source.split("[?#]", 2)[0];
            return path.endsWith(".git") ? GIT : HTTP;
        }
        boolean git = source.startsWith("ssh://")
                || source.startsWith("git://")
                || SCP_LIKE.matcher(source).matches();
        return git ? GIT : LOCAL;
    }
}
