package org.layerbook.engine.golang;

import java.util.ArrayDeque;
import java.util.Deque;

/** Slash-separated path text, by the rules of Go's package {@code path}, which decide what BuildKit does. */
public final class GoPath {
    private GoPath() {}

    /** The shortest path that means the same by text alone: no {@code .}, no inner {@code ..}, no doubled or last slash. */
    public static String clean(String path) {
        if (path.isEmpty()) {
            return ".";
        }
        boolean rooted = path.startsWith("/");
        Deque<String> kept = new ArrayDeque<>();
        for (String part : path.split("/")) {
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (!part.equals("..")) {
                kept.addLast(part);
            } else if (!kept.isEmpty() && !kept.peekLast().equals("..")) {
                kept.removeLast();
            } else if (!rooted) {
                kept.addLast(part);
            }
        }
        String joined = String.join("/", kept);
        if (rooted) {
            return "/" + joined;
        }
        return joined.isEmpty() ? "." : joined;
    }

    /** {@link #clean} of the parts with slashes between them; empty parts do not count. */
    public static String join(String... parts) {
        var joined = new StringBuilder();
        for (String part : parts) {
            if (!part.isEmpty()) {
                joined.append(joined.isEmpty() ? "" : "/").append(part);
            }
        }
        return joined.isEmpty() ? "" : clean(joined.toString());
    }

    /** The last element; {@code "/"} and {@code "."} for paths that have none. */
    public static String base(String path) {
        if (path.isEmpty()) {
            return ".";
        }
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return end == 0 ? "/" : path.substring(path.lastIndexOf('/', end - 1) + 1, end);
    }

    /** All but the last element, cleaned. */
    public static String dir(String path) {
        return clean(path.substring(0, path.lastIndexOf('/') + 1));
    }

    private static boolean isAbsolute(String path) {
        return path.startsWith("/");
    }

    /** {@code path} from {@code folder}; an absolute path stays as it is written, even where it is not clean. */
    public static String resolve(String folder, String path) {
        String from = isAbsolute(folder) ? folder : join("/", folder);
        if (path.isEmpty()) {
            return from;
        }
        return isAbsolute(path) ? path : join(from, path);
    }

    /** As {@link #resolve}, but cleaned, and with the last slash (or {@code /.}) that says "a directory" kept. */
    public static String resolveDestination(String folder, String path) {
        String given = path.isEmpty() || path.equals(".") ? "./" : path;
        String resolved = join("/", resolve(folder, given));
        if (given.endsWith("/") && !resolved.endsWith("/")) {
            return resolved + "/";
        }
        if (given.endsWith("/.")) {
            return resolved.equals("/") ? "/." : resolved + "/.";
        }
        return resolved;
    }
}
