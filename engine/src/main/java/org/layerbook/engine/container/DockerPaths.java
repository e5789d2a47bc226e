package org.layerbook.engine.container;

import org.layerbook.engine.golang.GoPath;

/** Paths as {@code docker cp} takes them: a slash or a dot at the end says something, and is kept. */
public final class DockerPaths {
    private DockerPaths() {}

    /** As seen from the root. */
    public static String absolute(String path) {
        return preserve(GoPath.clean("/" + path), path);
    }

    /** Puts back what cleaning has taken from the end of {@code original}. */
    public static String preserve(String cleaned, String original) {
        String kept = cleaned;
        if (isCurrentDirectory(original) && !isCurrentDirectory(kept)) {
            kept = kept.endsWith("/") ? kept + "." : kept + "/.";
        }
        return original.endsWith("/") && !kept.endsWith("/") ? kept + "/" : kept;
    }

    public static boolean isCurrentDirectory(String path) {
        return base(path).equals(".");
    }

    /** What says that a directory is meant. */
    public static boolean saysDirectory(String path) {
        return path.endsWith("/") || isCurrentDirectory(path);
    }

    /** The directory of an entry and its name there; a dot at the end is a name. */
    public static String[] split(String path) {
        String cleaned = GoPath.clean(path);
        if (isCurrentDirectory(path)) {
            cleaned = cleaned.endsWith("/") ? cleaned + "." : cleaned + "/.";
        }
        int slash = cleaned.lastIndexOf('/');
        String directory = slash < 0 ? "." : GoPath.clean(cleaned.substring(0, slash + 1));
        return new String[] {directory, base(cleaned)};
    }

    /** The last name, as Go has it. */
    public static String base(String path) {
        if (path.isEmpty()) {
            return ".";
        }
        String stripped = path.replaceFirst("/+$", "");
        return stripped.isEmpty() ? "/" : stripped.substring(stripped.lastIndexOf('/') + 1);
    }
}
