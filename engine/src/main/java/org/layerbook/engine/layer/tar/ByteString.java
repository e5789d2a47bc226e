package org.layerbook.engine.layer.tar;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.layerbook.engine.linux.PathBytes;

/** File names as bytes inside strings: each {@code char} of a raw string is one byte. */
public final class ByteString {
    private ByteString() {}

    public static String of(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static String of(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** The raw form of ordinary text, as UTF-8. */
    public static String ofText(String text) {
        return isAscii(text) ? text : of(text.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] bytes(String raw) {
        return raw.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** For people: the bytes read as UTF-8, with a replacement character for what is none. */
    public static String text(String raw) {
        return isAscii(raw) ? raw : new String(bytes(raw), StandardCharsets.UTF_8);
    }

    /** The name of {@code child} in its directory. */
    public static String nameOf(Path child) {
        return of(PathBytes.of(child.getFileName()));
    }

    /** @param name without a slash */
    public static Path child(Path directory, String name) {
        return isAscii(name) ? directory.resolve(name) : PathBytes.child(directory, bytes(name));
    }

    /** @param relative names joined by slashes, without {@code ..}; empty for {@code root} itself */
    public static Path below(Path root, String relative) {
        if (relative.isEmpty()) {
            return root;
        }
        if (isAscii(relative)) {
            return root.resolve(relative);
        }
        Path at = root;
        for (String name : relative.split("/")) {
            at = child(at, name);
        }
        return at;
    }

    public static String join(String parent, String name) {
        return parent.isEmpty() ? name : parent + "/" + name;
    }

    /** Parts between slashes, without empty ones and {@code .}. */
    public static List<String> names(String path) {
        return List.of(path.split("/")).stream()
                .filter(n -> !n.isEmpty() && !n.equals("."))
                .toList();
    }

    public static boolean isAscii(String s) {
        for (int i = 0; i < s.length(); i++) {
            if (s.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
