package org.layerbook.engine.dockerfile;

import java.util.ArrayList;
import java.util.List;

/** Slash-separated paths as Go's {@code path} package treats them. */
final class GoPath {
    private GoPath() {}

    /** The shortest equivalent path: no empty element, no {@code .}, no {@code ..} that another element undoes. */
    static String clean(String path) {
        boolean rooted = path.startsWith("/");
        List<String> kept = new ArrayList<>();
        for (String element : path.split("/", -1)) {
            if (element.isEmpty() || element.equals(".")) {
                continue;
            }
            if (!element.equals("..")) {
                kept.add(element);
            } else if (!kept.isEmpty() && !kept.getLast().equals("..")) {
                kept.removeLast();
            } else if (!rooted) {
                kept.add(element);
            }
        }
        String joined = String.join("/", kept);
        if (rooted) {
            return "/" + joined;
        }
        return joined.isEmpty() ? "." : joined;
    }

    /** All but the last element, cleaned: {@code "."} for a name alone. */
    static String parent(String path) {
        return clean(path.substring(0, path.lastIndexOf('/') + 1));
    }

    /** The last element. */
    static String base(String path) {
        String cleaned = clean(path);
        return cleaned.equals("/") ? cleaned : cleaned.substring(cleaned.lastIndexOf('/') + 1);
    }
}
