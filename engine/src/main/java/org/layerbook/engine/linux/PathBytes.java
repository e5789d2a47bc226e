package org.layerbook.engine.linux;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * File names as the kernel has them: bytes, mostly UTF-8 but not necessarily. Java keeps the bytes inside a
 * {@link Path} but shows them only as text, in the encoding of the locale, where what does not fit is lost. A path's URI
 * does not lose them.
 */
public final class PathBytes {
    private static final boolean UTF8_NAMES = "UTF-8".equals(System.getProperty("sun.jnu.encoding"));

    private PathBytes() {}

    /** The bytes of a path of the default file system, without a zero at the end. */
    public static byte[] of(Path path) {
        String text = path.toString();
        if (isAscii(text) || (UTF8_NAMES && text.indexOf('\uFFFD') < 0)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (path.isAbsolute()) {
            return absoluteBytes(path);
        }
        // A relative path has no URI of its own: hung below the root, the first slash taken away again.
        byte[] below = absoluteBytes(Path.of("/").resolve(path));
        return Arrays.copyOfRange(below, 1, below.length);
    }

    /** The path with exactly these bytes as its name; absolute ones only. */
    public static Path absolutePath(byte[] bytes) {
        if (bytes.length == 0 || bytes[0] != '/') {
            throw new IllegalArgumentException("not an absolute path");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (isAscii(text) || (UTF8_NAMES && text.indexOf('\uFFFD') < 0)) {
            return Path.of(text);
        }
        StringBuilder uri = new StringBuilder("file://");
        for (byte b : bytes) {
            if (b == '/' || (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z')) {
                uri.append((char) b);
            } else {
                uri.append(String.format("%%%02x", b & 0xff));
            }
        }
        return Path.of(URI.create(uri.toString()));
    }

    /** A child of {@code directory} with exactly these bytes as its name. */
    public static Path child(Path directory, byte[] name) {
        String text = new String(name, StandardCharsets.UTF_8);
        if (isAscii(text) || (UTF8_NAMES && text.indexOf('\uFFFD') < 0)) {
            return directory.resolve(text);
        }
        byte[] parent = of(directory.toAbsolutePath());
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(parent);
        whole.write('/');
        whole.writeBytes(name);
        return absolutePath(whole.toByteArray());
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static byte[] absoluteBytes(Path path) {
        String uri = path.toUri().getRawPath();
        byte[] out = new byte[uri.length()];
        int n = 0;
        for (int i = 0; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c == '%') {
                out[n++] = (byte) Integer.parseInt(uri, i + 1, i + 3, 16);
                i += 2;
            } else {
                out[n++] = (byte) c;
            }
        }
        // toUri adds a slash to a directory that exists.
        if (n > 1 && out[n - 1] == '/') {
            n--;
        }
        return Arrays.copyOf(out, n);
    }
}
