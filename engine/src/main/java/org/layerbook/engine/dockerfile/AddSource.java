package org.layerbook.engine.dockerfile;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a source of ADD comes from. */
public enum AddSource {
    /** A path in the build context. */
    LOCAL,
    /** An {@code http://} or {@code https://} URL that does not name a git repository. */
    HTTP,
    /** {@code git@host:path}, {@code ssh://}, {@code git://}, or an HTTP(S) URL whose path ends in {@code .git}. */
    GIT;

    private static final Pattern SCP_LIKE = Pattern.compile("[a-zA-Z0-9-_]+@[a-zA-Z0-9-.]+:.*");
    private static final Pattern SCHEME = Pattern.compile("([a-zA-Z0-9]+)://.*", Pattern.DOTALL);

    public static AddSource of(String source) {
        Matcher url = SCHEME.matcher(source);
        if (!url.matches()) {
            return SCP_LIKE.matcher(source).matches() ? GIT : LOCAL;
        }
        return switch (url.group(1).toLowerCase(Locale.ROOT)) {
            case "ssh", "git" -> GIT;
            case "http", "https" -> {
                boolean repository = source.split("[?#]", 2)[0].endsWith(".git");
                // Only of repositories any case will do.
                boolean lower = source.startsWith("http://") || source.startsWith("https://");
                yield repository ? GIT : lower ? HTTP : LOCAL;
            }
            default -> LOCAL;
        };
    }
}
